package paper_test

import (
	"log/slog"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"dottedline/internal/sysfonts"
	"dottedline/paper"
)

// names in every script that a customer may have.
var names = []struct{ script, name string }{
	{"Latin", "Łukasz Grünwald, Çağla Şahin, Þórður Ólafsson, Ș. Țepeș"},
	{"Vietnamese", "Nguyễn Thị Minh Khai, Đặng Hữu Phước"},
	{"Decomposed", "Nguyễn Zoë"},
	{"Ligatures", "Office of Fiona Pfiffner, waffle"},
	{"Greek", "Γεώργιος Παπαδόπουλος, Ελλάδα"},
	{"Cyrillic", "Олександр Ґудзь, Ђорђе Љубичић"},
	{"Arabic", "محمد بن عبد الله الأحمد"},
	{"Persian", "گیتا ژاله پورچیستا"},
	{"Hebrew", "יוסף כהן שָׁלוֹם"},
	{"Han", "王小明 (汉字), 陳大文"},
	{"Kana", "田中太郎さん, ヤマダ"},
	{"Hangul", "김민준, 서울특별시"},
	{"Devanagari", "क्षितिज श्रीवास्तव, हिन्दी"},
	{"Thai", "สมชาย ใจดี, กรุงเทพฯ ที่นี่น้ำ"},
}

const scriptsPage = `---
title: Names in every script
---

# Names in every script

| Script | Name | No. |
|:--|:--|--:|
{{range .Names}}| {{.Script}} | {{.Name}} | {{.No}} |
{{end}}

An agreement between {{.Arabic}}, 12 Main Street, and {{.Hebrew}}, 40215 Düsseldorf. The price is 1,200.00 for {{.Arabic}} (3 users), and **{{.Arabic}}** agrees in bold.

هذه الاتفاقية مبرمة بين شركة Example GmbH وشركة النور للتجارة بتاريخ 22 نوفمبر 2026، وقيمتها 1200 يورو (شاملة الضريبة)، وتسري لمدة اثني عشر شهرًا من تاريخ التوقيع عليها من الطرفين.

本合同由甲方与乙方于2026年11月22日签订，双方同意按照以下条款履行各自的义务，任何修改均须以书面形式作出并经双方签字确认后方可生效。

ข้อตกลงนี้ทำขึ้นระหว่างผู้ให้บริการและลูกค้าโดยทั้งสองฝ่ายตกลงที่จะปฏิบัติตามเงื่อนไขที่ระบุไว้ในเอกสารฉบับนี้อย่างเคร่งครัดและสุจริต

यह समझौता दोनों पक्षों के बीच किया गया है और दोनों पक्ष इसकी शर्तों का पालन करने के लिए सहमत हैं, जैसा कि नीचे लिखा गया है।
`

func noto(t *testing.T) *paper.Fonts {
	for _, f := range []string{"opentype/noto/NotoSerifCJK-Regular.ttc", "truetype/noto/NotoNaskhArabic-Regular.ttf"} {
		if _, err := os.Stat("/usr/share/fonts/" + f); err != nil {
			t.Skip("the Noto fonts are not here: install fonts-noto-core and fonts-noto-cjk: ", err)
		}
	}
	return sysfonts.New(t.TempDir(), slog.Default())
}

// said drops what readers add to show direction and where lines end.
func said(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == ' ' || r == '\n' || r == '\f' {
			return -1
		}
		return r
	}, norm.NFC.String(s))
}

func TestEveryScriptCanBeReadBack(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	for _, n := range names {
		_, file := made(t, merged(t, "{{.N}}", paper.Values{"N": n.name}), fonts)
		if got := said(run(t, "pdftotext", file, "-")); !strings.HasPrefix(got, said(n.name)) {
			t.Errorf("%s: got %q, want %q", n.script, got, said(n.name))
		}
	}
}

func TestEveryScriptLooksRight(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	v := paper.Values{"Arabic": names[6].name, "Hebrew": names[8].name}
	var list []any
	for i, n := range names {
		list = append(list, paper.Values{"Script": n.script, "Name": n.name, "No": i + 1})
	}
	v["Names"] = list
	p, file := made(t, merged(t, scriptsPage, v), fonts)
	looksLike(t, file, "scripts", p.Pages)
}

func TestRightToLeftAgreement(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	d := merged(t, "---\ntitle: اتفاقية خدمات\nlanguage: ar\n---\n\n# اتفاقية خدمات\n\nبين {{.A}} و{{.B}}.\n\n1. البند الأول من هذه الاتفاقية.\n2. البند الثاني.\n\n{{prices .P}}\n\n{{signatures .S}}\n",
		paper.Values{"A": "شركة النور", "B": "Example GmbH", "P": []paper.Price{{Item: "ترخيص", Quantity: 2000, Unit: paper.Money{Amount: 490000, Currency: "EUR"}}},
			"S": []paper.Signer{{ID: "1", Name: "محمد بن عبد الله", Company: "شركة النور"}}})
	p, file := made(t, d, fonts)
	looksLike(t, file, "arabic", p.Pages)
	if !strings.Contains(d.HTML(), `<article class="paper" lang="ar" dir="rtl">`) {
		t.Error("the room does not know the direction")
	}
}

// A ligature of several letters is drawn once in a mark, as it is in a text.
func TestLigaturesInMarks(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	curves := func(name string) int {
		p, err := paper.TypedMark(name, fonts)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(p.PDF(paper.Rect{W: 100, H: 40})), " c\n")
	}
	if one, with := curves("عبد"), curves("عبد الله"); with-one > 2*one {
		t.Errorf("%d curves and then %d more for one ligature", one, with-one)
	}
}
