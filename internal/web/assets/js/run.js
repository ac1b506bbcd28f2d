// A meeting while it runs. What is put down is kept here first and sent then, so
// that a lost connection loses nothing: each jot has its own name.
(() => {
  const form = $("form[data-run]");
  if (!form) return;
  // The page itself is kept too, so that reloading without a connection shows it.
  navigator.serviceWorker?.register("/sw.js").then(() => navigator.serviceWorker.ready).then((r) =>
    r.active.postMessage({ keep: location.pathname, assets: performance.getEntriesByType("resource").map((x) => x.name).filter((x) => x.includes("/assets/")) })).catch(() => {});
  const key = "run-" + form.dataset.run, text = $("textarea", form), kept = $("[data-kept]", form), list = $("[data-jots]");
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; } };
  const write = (q) => (q.length ? localStorage.setItem(key, JSON.stringify(q)) : localStorage.removeItem(key));
  const name = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
  let asked = form.dataset.asked !== "", busy = false;

  function show(j) {
    if ($(`[data-jot="${CSS.escape(j.id)}"]`, list)) return;
    const li = document.createElement("li"), at = document.createElement("span"), what = document.createElement(j.kind === "asked" || j.kind === "end" ? "b" : "span");
    li.className = j.kind; li.dataset.jot = j.id;
    at.className = "tiny num"; at.textContent = new Date(j.at).toTimeString().slice(0, 5);
    what.textContent = { asked: "Asked", end: "Over" }[j.kind] ?? j.text;
    if (what.tagName === "SPAN") what.className = "said";
    li.append(at, " ", what);
    list.append(li);
  }
  async function send() {
    const q = read();
    if (busy || !q.length) return;
    busy = true;
    try {
      const res = await fetch(form.action, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(q.slice(0, 100)) });
      if (!res.ok) throw new Error(res.status);
      const sent = new Set(q.slice(0, 100).map((j) => j.id));
      write(read().filter((j) => !sent.has(j.id)));
      kept.textContent = "Everything is kept.";
      if (q.some((j) => j.kind === "end") && !read().length) location.href = $("a[href$='/after']").href;
    } catch {
      kept.textContent = "No connection. It is kept on this device and sent as soon as there is one.";
    } finally { busy = false; }
  }
  function put(kind) {
    const words = text.value.trim();
    if ((kind === "note" || kind === "answer") && !words) return text.focus();
    const js = kind === "asked" || kind === "end" ? (words ? [["note", words], [kind, ""]] : [[kind, ""]]) : [[kind, words]];
    for (const [k, t] of js) { const j = { id: name(), at: new Date().toISOString(), kind: k, text: t }; write([...read(), j]); show(j); }
    if (kind === "asked" || kind === "answer") asked = true;
    text.value = "";
    localStorage.removeItem(key + "-text");
    tick();
    send();
  }
  form.addEventListener("submit", (e) => { e.preventDefault(); e.stopPropagation(); put(e.submitter?.value ?? "note"); });
  text.value ||= localStorage.getItem(key + "-text") ?? "";
  text.addEventListener("input", () => localStorage.setItem(key + "-text", text.value));
  text.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); put("note"); } });
  addEventListener("keydown", (e) => {
    if (e.key.toLowerCase() !== "a" || e.metaKey || e.ctrlKey || e.altKey || e.target.matches("input, textarea, select") || !$("[data-asked-button]", form)) return;
    e.preventDefault();
    put("asked");
  });

  function tick() {
    const s = Math.max(0, Math.floor((Date.now() - Date.parse(form.dataset.start)) / 1000)), m = s / 60;
    $("[data-clock]").textContent = `${Math.floor(m)}:${String(s % 60).padStart(2, "0")}`;
    let late = false;
    for (const li of $$(".bar li")) {
      li.toggleAttribute("data-here", m >= +li.dataset.from && m < +li.dataset.to);
      if (li.matches(".it") && !asked && m > +li.dataset.to - 2 && m < +form.dataset.minutes + 30) late = true;
    }
    const due = $("[data-due]");
    if (due.hidden === late) due.hidden = !late;
  }
  read().forEach(show);
  asked ||= read().some((j) => j.kind === "asked" || j.kind === "answer");
  tick();
  send();
  setInterval(tick, 1000);
  setInterval(send, 5000);
  addEventListener("online", send);
})();
