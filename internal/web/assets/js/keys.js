// Keyboard first. Every key presses something that is on the page anyway.
const stops = () => $$("[data-stop]");
const here = () => document.activeElement?.closest("[data-stop]");
function move(by) {
  const more = by > 0 && here()?.matches("li:last-child") && here().closest("ol").nextElementSibling?.querySelector("[data-further]");
  if (more) return more.click();
  const all = stops(), at = all.indexOf(here());
  const to = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.max(0, Math.min(all.length - 1, at + by))];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}
function enter(e) {
  if (e.repeat || e.target.closest("button, a, summary, select, [role=option]")) return;
  const at = here() ?? $(".hero");
  const go = at && ($("form.send", at) ?? $(".act", at));
  if (!go) return;
  e.preventDefault();
  if (go.matches("a")) return go.click();
  if (performance.now() - changedAt > 700) go.requestSubmit(); // not the card that only just arrived
}
function edit() {
  const t = $(".ready textarea", here() ?? document) ?? $(".ready textarea");
  if (!t) return $("[data-write]")?.click();
  t.focus();
  t.setSelectionRange(t.value.length, t.value.length);
}
function later() {
  const menu = $("#later"), at = here() ?? $(".hero");
  if (!menu || !at?.dataset.later) return;
  for (const to of ["action", "hx-post"]) $("form", menu).setAttribute(to, at.dataset.later);
  menu.showPopover();
}
function answer(word) {
  const form = here()?.querySelector("form.offer");
  form?.requestSubmit($(`button[value=${word}]`, form));
}
function yes() {
  const at = here();
  if (at?.matches(":has(form.offer)")) return answer("yes");
  $("form[data-yes]", at?.closest(".rows, .hero") ? at : document)?.requestSubmit();
}
const undo = () => $("#toast form")?.requestSubmit();
const search = () => { const s = $("main input[type=search]"); s ? s.select() : openPalette(); };
const keys = {
  j: () => move(1), k: () => move(-1), e: edit, r: edit, l: later, u: undo, z: undo,
  p: () => ($("[data-gift]", here() ?? document) ?? $("[data-gift]"))?.click(), y: yes, n: () => answer("no"), "/": search, "?": () => $("#help")?.showModal(),
  g: () => { goTo = true; setTimeout(() => (goTo = false), 1500); },
};
let goTo = false;
addEventListener("keydown", (e) => {
  if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === "k") { e.preventDefault(); return openPalette(); }
  if ((e.metaKey || e.ctrlKey) && e.key === "Enter") return e.target.matches("textarea") && e.target.form.requestSubmit();
  if (e.metaKey || e.ctrlKey || e.altKey || e.defaultPrevented) return;
  if (e.target.matches("input, textarea, select")) {
    if (e.key === "Escape" && !e.target.closest("dialog")) (e.target.closest("[data-stop]") ?? e.target).focus(), e.target.blur();
    return;
  }
  if ($("dialog[open], :popover-open")) return arrows(e);
  if (goTo) { goTo = false; const a = $(`.rail a[data-g="${e.key}"]`); if (a) { e.preventDefault(); return a.click(); } }
  if (e.key === "Enter") return enter(e);
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});
// In the small menu the arrows, j and k move as well as Tab does.
function arrows(e) {
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[e.key], menu = $(":popover-open");
  if (!by || !menu) return;
  e.preventDefault();
  const all = $$("button", menu), i = all.indexOf(document.activeElement);
  all[(i + by + all.length) % all.length].focus();
}
