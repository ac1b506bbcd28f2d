// The room works without this: it draws a signature with a pen, writes a typed
// one as it will stand on the paper, shows the pages, and says once that the
// room was opened and the agreement read to its end.
const room = $("[data-room]"), at = room.dataset.room;
const post = (act) => fetch(at + act, { method: "POST" }).catch(() => {});
post("/opened");

let read = false;
const end = new IntersectionObserver((seen) => {
  if (read || !seen.some((s) => s.isIntersecting)) return;
  read = true;
  end.disconnect();
  post("/read");
});
const watchEnd = () => $$("[data-read]").forEach((el) => !read && end.observe(el));

// The name as a signature, drawn by the server with the letters of the paper.
let typing;
addEventListener("input", (e) => {
  if (e.target.id !== "sign-name") return;
  clearTimeout(typing);
  typing = setTimeout(async () => {
    const mark = $("#mark"), answer = await fetch(mark.dataset.mark + "?name=" + encodeURIComponent(e.target.value)).catch(() => {});
    if (answer?.ok) mark.innerHTML = await answer.text();
  }, 150);
});

// Drawing. Points only: how fast and how hard somebody writes is nobody's business.
let strokes = [], line;
const pad = () => $("[data-pad]"), pen = () => $(".pen", pad());
function point(e) {
  const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(pen().getScreenCTM().inverse());
  return [Math.round(p.x * 10) / 10, Math.round(p.y * 10) / 10];
}
function draw() {
  pen().replaceChildren(...strokes.map((s) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const mid = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    let d = "M" + s[0];
    for (let i = 1; i < s.length - 1; i++) d += "Q" + s[i] + " " + mid(s[i], s[i + 1]);
    path.setAttribute("d", d + "L" + (s.length > 1 ? s.at(-1) : [s[0][0] + .1, s[0][1]]));
    return path;
  }));
  $("[name=strokes]").value = strokes.length ? JSON.stringify(strokes) : "";
  $("[data-clear]").hidden = !strokes.length;
}
addEventListener("pointerdown", (e) => {
  const p = pad();
  if (!p?.classList.contains("drawing") || !p.contains(e.target) || e.button) return;
  e.preventDefault();
  p.setPointerCapture(e.pointerId);
  p.closest("[data-keep]").setAttribute("hx-morph-skip", "");
  strokes.push((line = [point(e)]));
  draw();
});
addEventListener("pointermove", (e) => {
  if (!line) return;
  for (const c of e.getCoalescedEvents?.() ?? [e]) if (line.length < 2000) line.push(point(c));
  draw();
});
for (const up of ["pointerup", "pointercancel"]) addEventListener(up, () => (line = null));
addEventListener("click", (e) => {
  if (e.target.closest("[data-clear]")) { strokes = []; draw(); }
  const toggle = e.target.closest("[data-draw]");
  if (toggle) {
    const on = pad().classList.toggle("drawing");
    toggle.textContent = on ? "Type it instead" : "Draw it instead";
    toggle.ariaPressed = String(on);
    strokes = [];
    draw();
  }
  const show = e.target.closest("[data-pages]");
  if (show) pages(show);
});

// The pages as they will be sealed. The reader of PDF comes only when asked for.
async function pages(button) {
  button.disabled = true;
  button.textContent = "Fetching the pages";
  try {
    const from = room.dataset.pdf, pdfjs = await import(from + "pdf.min.mjs");
    pdfjs.GlobalWorkerOptions.workerSrc = from + "pdf.worker.min.mjs";
    const file = await pdfjs.getDocument({ url: button.dataset.pages, isEvalSupported: false, useWasm: false }).promise;
    for (let n = 1; n <= file.numPages; n++) {
      const page = await file.getPage(n), canvas = document.createElement("canvas");
      const scale = (Math.min(devicePixelRatio, 2) * $("#pages").clientWidth) / page.getViewport({ scale: 1 }).width;
      const viewport = page.getViewport({ scale });
      Object.assign(canvas, { width: viewport.width, height: viewport.height, role: "img", ariaLabel: `Page ${n} of ${file.numPages}` });
      canvas.setAttribute("role", "img");
      $("#pages").append(canvas);
      await page.render({ canvas, viewport }).promise;
    }
    button.remove();
  } catch {
    location.href = button.dataset.pages; // an old browser shows the file itself
  }
}

// What needs this script is shown by it. "Ask" opens what it leads to.
function ready() {
  for (const el of $$("[data-pages], [data-drawing]")) if (!el.disabled) el.hidden = false;
  watchEnd();
}
addEventListener("htmx:after:swap", ready);
const unfold = () => { if (location.hash === "#ask") { $("#fold-ask").open = true; $("#ask-text").focus(); } };
addEventListener("hashchange", unfold);
addEventListener("click", (e) => e.target.closest('a[href="#ask"]') && setTimeout(unfold));
ready();
unfold();
