// The open page follows the server: each message on the stream is the whole
// region again, morphed in. What somebody is writing is never taken away.
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
let changedAt = -Infinity; // when the first card was last exchanged under the reader

// A menu or a fold that is open stays open.
htmx.registerExtension("dottedline", {
  htmx_before_morph_attr: (el, d) =>
    !(d.attrName === "open" && el instanceof HTMLDetailsElement) &&
    !(d.attrName === "value" && el.name === "id" && !d.newValue), // the stream knows no press: keep ours
});
// A form that came by the stream gets a press of its own: sent twice, it goes
// out once.
function press() {
  for (const id of $$("form.send input[name=id]"))
    if (!id.value) id.setAttribute("value", [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join(""));
}

// Whatever holds changed fields is left alone until it is sent.
addEventListener("input", (e) => e.target.closest?.("#live [data-keep]")?.setAttribute("hx-morph-skip", ""));
addEventListener("toggle", (e) => e.target.matches?.("[popover]") && e.target.toggleAttribute("hx-morph-skip", e.newState === "open"), true);

addEventListener("htmx:before:swap", (e) => {
  const { ctx, tasks } = e.detail, main = tasks.findIndex((t) => t.type === "main" && t.target?.id === "live" && t.swapSpec.style !== "none");
  if (main < 0) return;
  const from = ctx.sourceElement, failed = ctx.response.status >= 400;
  if (failed) return void tasks.splice(main, 1); // the page stays as it is, the toast says why
  const next = $("#live", tasks[main].fragment);
  if (!next) { e.preventDefault(); return location.reload(); } // signed out, for one
  if (from?.matches("form")) {
    from.closest("[data-keep]")?.removeAttribute("hx-morph-skip");
    from.closest("[popover]")?.hidePopover();
    from.reset();
  }
  const hero = $("#live .hero");
  if (hero?.hasAttribute("hx-morph-skip") && !$(`[id="${hero.id}"]`, next)) {
    $(`[data-deal="${hero.dataset.deal}"]`, next)?.remove();
    const stay = document.createElement("article");
    stay.id = hero.id;
    stay.className = "hero"; // so that it is also the one that the page looks at first
    const first = $(".hero", next);
    first ? first.before(stay) : next.prepend(stay);
  } else if (!from?.matches("form") && hero?.id !== $(".hero", next)?.id) changedAt = performance.now();
  keepFocus(ctx);
});

// What is done with goes away; the focus then stands on what took its place.
let stopped;
addEventListener("focusin", (e) => { stopped = e.target.closest("[data-stop]") ?? stopped; });
function keepFocus(ctx) {
  const was = document.activeElement, id = was?.closest("#live [id]")?.id, own = was?.id, card = !!was?.closest(".hero");
  if (!id) return;
  const at = stops().indexOf(was.closest("[popover]") ? stopped : was.closest("[data-stop]"));
  ctx.focus = () => {
    for (const again of [document.getElementById(own || id), card ? $(".hero") : stops()[Math.min(at, stops().length - 1)]])
      if (document.activeElement === document.body) again?.focus({ preventScroll: true });
  };
}
addEventListener("htmx:after:swap", (e) => { press(); e.detail.ctx.focus?.(); });

// The reader is told when the page is no longer live, and when it is again.
const lost = (is) => $$("[data-lost]").forEach((el) => (el.hidden = !is));
addEventListener("htmx:sse:error", () => lost(true));
addEventListener("htmx:sse:after:connection", () => lost(false));

// A list that goes on: the first row that is new has the focus, and the address
// is of the list as it is now, to come back to.
const rows = () => $$("#live ol > [data-stop]");
let further;
addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.matches("[data-further]")) further = { ctx, had: new Set(rows().map((li) => li.id)) };
});
addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx !== further?.ctx) return;
  history.replaceState(null, "", ctx.request.action);
  const row = rows().find((li) => !further.had.has(li.id));
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
});
