// What just happened, said once, with a way back for ten seconds.
let leaving;
function watchToast() {
  clearTimeout(leaving);
  const t = $("#toast");
  if (t?.firstElementChild) leaving = setTimeout(() => t.replaceChildren(), 10_000);
}
function say(text) {
  const p = document.createElement("span");
  p.textContent = text;
  $("#toast")?.replaceChildren(p);
  watchToast();
}
addEventListener("htmx:after:swap", (e) => e.detail.ctx.sourceElement?.matches?.("form") && watchToast());
addEventListener("htmx:error", (e) => e.detail.ctx?.sourceElement?.matches("form") && say("Dottedline could not be reached. Nothing was sent."));
watchToast();
