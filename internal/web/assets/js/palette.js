// Ctrl-K or Cmd-K: go anywhere. The server searches, the list is a combobox.
const palette = $("#palette");
function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  const input = $("input", palette);
  input.select();
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
if (palette) {
  const nav = new Combobox($("input", palette), $("#found"), { tabInsertsSuggestions: false, firstOptionSelectionMode: "selected" });
  nav.start();
  addEventListener("htmx:after:swap", (e) => e.detail.ctx.target === nav.list && nav.resetSelection());
}
addEventListener("click", (e) => {
  if (e.target.closest("[data-palette]")) { e.preventDefault(); openPalette(); }
  else if (e.target.matches("dialog")) e.target.close();
});
