# Makes the results that survival is compared with. In this folder: Rscript make.R
suppressMessages(library(survival)); options(digits=12)
w <- function(x, f) write.csv(format(x, digits=12, trim=TRUE), paste0(f, '.csv'), row.names=FALSE, quote=FALSE)
km <- function(f) data.frame(time=f$time, n.risk=f$n.risk, n.event=f$n.event, n.censor=f$n.censor, surv=f$surv,
  std.err=summary(f, times=f$time)$std.err, lower=f$lower, upper=f$upper, cumhaz=f$cumhaz)
lung <- read.csv('in_lung.csv'); veteran <- read.csv('in_veteran.csv'); heart <- read.csv('in_heart.csv'); ovarian <- read.csv('in_ovarian.csv')
sets <- list(lung=Surv(lung$time, lung$status), veteran=Surv(veteran$time, veteran$status))
for (n in names(sets)) { S <- sets[[n]]
  w(km(survfit(S ~ 1)), paste0('km_', n, '_log')); w(km(survfit(S ~ 1, conf.type='log-log')), paste0('km_', n, '_loglog')) }
w(km(survfit(Surv(start, stop, event) ~ 1, heart)), 'km_heart_left_truncated')
q <- function(tag, f, at) { t <- summary(f, rmean=at)$table; data.frame(set=tag, horizon=at, median=t['median'], lower=t['0.95LCL'], upper=t['0.95UCL'], rmean=t['rmean'], se=t['se(rmean)']) }
w(rbind(q('lung', survfit(sets$lung ~ 1), 500), q('veteran', survfit(sets$veteran ~ 1), 200)), 'quantiles')
lr <- function(tag, d) data.frame(test=tag, group=seq_along(d$obs), obs=d$obs, exp=d$exp, chisq=d$chisq)
w(rbind(lr('lung_sex', survdiff(Surv(time, status) ~ sex, lung)), lr('veteran_celltype', survdiff(Surv(time, status) ~ celltype, veteran)),
  lr('ovarian_rx', survdiff(Surv(futime, fustat) ~ rx, ovarian))), 'logrank')
zph <- function(tag, f) { z <- cox.zph(f)$table; data.frame(model=tag, term=rownames(z), chisq=z[, 1], df=z[, 2], p=z[, 3]) }
h <- coxph(Surv(start, stop, event) ~ age + year + surgery + transplant, heart)
w(rbind(zph('lung', coxph(Surv(time, status) ~ age + sex, lung)), zph('veteran', coxph(Surv(time, status) ~ trt + karno + age, veteran)), zph('heart', h)), 'zph')
w(data.frame(model='heart_left_truncated', term=names(coef(h)), coef=coef(h), se=sqrt(diag(vcov(h))), loglik0=h$loglik[1], loglik=h$loglik[2], concordance=summary(h)$concordance[1]), 'cox_left_truncated')
# A hazard per band is Poisson regression with the log of the time watched as offset.
cut <- c(100, 200, 400); s <- survSplit(Surv(time, status == 2) ~ 1, lung, cut=cut, episode='band'); names(s)[names(s) == 'time'] <- 'stop'
s$e <- s[['event']]; s$len <- s$stop - s$tstart; g <- glm(e ~ factor(band) - 1 + offset(log(len)), poisson, s, epsilon=1e-14)
w(data.frame(from=c(0, cut), rate=exp(coef(g)), exposure=tapply(s$len, s$band, sum), events=tapply(s$e, s$band, sum)), 'piecewise_lung')
# Competing causes: progression (1) and death (2).
m <- read.csv('in_mgus2.csv'); m$f <- factor(m$event, 0:2, c('censor', 'pcm', 'death')); aj <- survfit(Surv(etime, f) ~ 1, m)
w(data.frame(time=aj$time, n.risk=aj$n.risk[, 1], pcm=aj$pstate[, 2], death=aj$pstate[, 3], se.pcm=aj$std.err[, 2], se.death=aj$std.err[, 3]), 'aj_mgus2')
cox <- NULL; add <- function(tag, f) cox <<- rbind(cox, data.frame(model=tag, term=names(coef(f)), coef=coef(f), se=sqrt(diag(vcov(f))), loglik0=f$loglik[1], loglik=f$loglik[2], concordance=summary(f)$concordance[1]))
for (t in c('efron', 'breslow')) { add(paste0('lung_age_sex_', t), coxph(Surv(time, status) ~ age + sex, lung, ties=t)); add(paste0('veteran_', t), coxph(Surv(time, status) ~ trt + karno + age, veteran, ties=t)) }
add('mgus2_progression_causespecific', coxph(Surv(etime, event == 1) ~ age + I(sex == 'M') + mspike, m)); w(cox, 'cox')
w(basehaz(coxph(Surv(time, status) ~ age + sex, lung), centered=FALSE), 'cox_lung_basehaz_uncentered')
par <- NULL; for (d in c('exponential', 'weibull', 'lognormal', 'loglogistic')) for (n in c('lung', 'lung_age_sex')) {
  f <- survreg(if (n == 'lung') Surv(time, status) ~ 1 else Surv(time, status) ~ age + sex, lung, dist=d)
  par <- rbind(par, data.frame(data=n, dist=d, intercept=coef(f)[1], scale=f$scale, loglik=f$loglik[2])) }
w(par, 'parametric')
