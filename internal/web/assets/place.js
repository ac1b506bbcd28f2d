// Where signatures go on an uploaded PDF: press on a page and the place of the
// chosen signer moves there. The numbers below the names are what is kept.
const view = $("[data-place]"), form = $("#form-place");
const fields = (mark) => Object.fromEntries(["page", "x", "y", "w", "h"].map((k) => [k, $(`[name=${k}]`, mark)]));
function redraw() {
  $$(".leafpage i").forEach((i) => i.remove());
  for (const mark of $$(".placemark", form)) {
    const f = fields(mark), leaf = $(`.leafpage[data-page="${f.page.value}"]`);
    if (!leaf) continue;
    const box = document.createElement("i"), { width, height } = leaf.dataset;
    box.textContent = $("legend", mark).textContent.trim();
    const per = (v, all) => (100 * v) / all + "%";
    Object.assign(box.style, { left: per(f.x.value, width), width: per(f.w.value, width), height: per(f.h.value, height), top: per(height - f.y.value - f.h.value, height) });
    leaf.append(box);
  }
}
async function show() {
  const pdfjs = await import(view.dataset.pdf + "pdf.min.mjs");
  pdfjs.GlobalWorkerOptions.workerSrc = view.dataset.pdf + "pdf.worker.min.mjs";
  const file = await pdfjs.getDocument({ url: view.dataset.place, isEvalSupported: false, useWasm: false }).promise;
  for (let n = 1; n <= file.numPages; n++) {
    const page = await file.getPage(n), size = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: (Math.min(devicePixelRatio, 2) * view.clientWidth) / size.width });
    const leaf = document.createElement("div"), canvas = document.createElement("canvas");
    leaf.className = "leafpage";
    Object.assign(leaf.dataset, { page: n, width: size.width, height: size.height });
    Object.assign(canvas, { width: viewport.width, height: viewport.height, ariaLabel: `Page ${n} of ${file.numPages}` });
    canvas.setAttribute("role", "img");
    leaf.append(canvas);
    view.append(leaf);
    await page.render({ canvas, viewport }).promise;
    redraw();
  }
}
view.addEventListener("click", (e) => {
  const leaf = e.target.closest(".leafpage"), mark = $("[name=who]:checked", form)?.closest(".placemark");
  if (!leaf || !mark) return;
  const f = fields(mark), r = leaf.getBoundingClientRect();
  const to = (v, max) => Math.round(Math.max(0, Math.min(v, max)));
  f.page.value = leaf.dataset.page;
  f.x.value = to(((e.clientX - r.left) / r.width) * leaf.dataset.width, leaf.dataset.width - f.w.value);
  f.y.value = to((1 - (e.clientY - r.top) / r.height) * leaf.dataset.height, leaf.dataset.height - f.h.value);
  redraw();
});
form.addEventListener("input", redraw);
if (view.dataset.place) show().catch(() => {}); // the numbers work without it
