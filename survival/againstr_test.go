package survival

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// againstR times R's survfit and coxph on the rows it is given and prints what
// they say, so that faster is only told of equal results. R's Aalen-Johansen is
// spared its standard errors; ours has them.
const againstR = `suppressMessages(library(survival)); d <- read.csv('rows.csv')
best <- function(f) min(replicate(if (nrow(d) > 1e5) 1 else 3, system.time(f())[['elapsed']])); at <- c(1, 5, 20)
km <- function() survfit(Surv(t, c > 0) ~ 1, d, conf.type='log')
d$f <- factor(d$c, 0:2); aj <- function() survfit(Surv(t, f) ~ 1, d, se.fit=FALSE)
cx <- function() coxph(Surv(t, c == 1) ~ x1 + x2 + x3, d)
keep <- function(f) function() result <<- f()
s <- best(keep(km)); cat('KaplanMeier', s, summary(result, times=at)$surv, '\n')
s <- best(keep(aj)); i <- findInterval(at, result$time); cat('AalenJohansen', s, result$pstate[i, 2], '\n')
s <- best(keep(cx)); cat('Cox', s, coef(result), sqrt(diag(vcov(result))), result$loglik[2], '\n')
`

// Run with DOTTEDLINE_AGAINST_R=rows (scripts/bench-survival.sh).
func TestAgainstR(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("DOTTEDLINE_AGAINST_R"))
	if err != nil || n < 1 {
		t.Skip("set DOTTEDLINE_AGAINST_R to a number of rows to be timed against R")
	}
	rscript, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("Rscript is not here: apt-get install r-base-core r-cran-survival")
	}
	s, x := benchDeals(n)
	dir := t.TempDir()
	var b bytes.Buffer
	b.WriteString("t,c,x1,x2,x3\n")
	num := func(v float64) string { return strconv.FormatFloat(v, 'g', 17, 64) }
	for i, sp := range s {
		// R merges times that differ by less than 1e-8 or so; whole seconds do not.
		s[i].To = math.Ceil(sp.To*86400) / 86400
		b.WriteString(num(s[i].To) + "," + strconv.Itoa(sp.Cause) + "," + num(x.At(i, 0)) + "," + num(x.At(i, 1)) + "," + num(x.At(i, 2)) + "\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "rows.csv"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(rscript, "-e", "options(digits=15)", "-e", againstR)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("R: %v\n%s", err, out)
	}
	ours := map[string]func() []float64{
		"KaplanMeier": func() []float64 {
			c, _ := KaplanMeier(s, Log)
			return []float64{c.At(1).Value, c.At(5).Value, c.At(20).Value}
		},
		"AalenJohansen": func() []float64 {
			c, _ := AalenJohansen(s, 2)
			return []float64{c.At(1, 1).Value, c.At(1, 5).Value, c.At(1, 20).Value}
		},
		"Cox": func() []float64 {
			f, _ := Cox(s, x, 1, Efron)
			return append(append(append([]float64(nil), f.Coef...), f.StdErr...), f.LogLik)
		},
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Fields(line)
		run := ours[f[0]]
		best := time.Duration(math.MaxInt64)
		var got []float64
		for range 3 {
			start := time.Now()
			got = run()
			best = min(best, time.Since(start))
		}
		for i, g := range got {
			w, err := strconv.ParseFloat(f[2+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			near(t, f[0], g, w, 1e-6)
		}
		r, _ := strconv.ParseFloat(f[1], 64)
		t.Logf("%-13s %d rows: %6.3f s here, %6.3f s in R: %.1f times as fast", f[0], n, best.Seconds(), r, r/best.Seconds())
	}
}
