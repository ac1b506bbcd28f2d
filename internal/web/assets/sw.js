// The service worker shows what is pushed, and keeps the page of the running
// meeting, so that it opens without a connection.
const runs = "runs", assets = "assets", isRun = (path) => /^\/meetings\/[^/]+\/run$/.test(path);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (e) => e.waitUntil(clients.claim()));

addEventListener("push", (e) => {
  let m = {};
  try { m = e.data.json(); } catch {} // an empty push still has to show something
  e.waitUntil(registration.showNotification(m.title || "Dottedline", { body: m.body, tag: m.tag, renotify: !!m.tag, data: { url: m.url } }));
});
addEventListener("notificationclick", (e) => {
  e.notification.close();
  const url = new URL(e.notification.data?.url || "/now", location.origin);
  if (url.origin !== location.origin) return;
  e.waitUntil(clients.matchAll({ type: "window" }).then(async ([open]) => {
    if (!open) return clients.openWindow(url);
    await open.focus();
    return open.navigate(url).catch(() => clients.openWindow(url)); // a page of before the worker can't be led
  }));
});
// The push service has changed the subscription: it is told anew, under the same key.
addEventListener("pushsubscriptionchange", (e) => {
  const options = e.oldSubscription?.options;
  if (!options) return;
  const key = btoa(String.fromCharCode(...new Uint8Array(options.applicationServerKey))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  e.waitUntil(registration.pushManager.subscribe(options).then((s) =>
    fetch("/settings/devices", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: "", subscription: s, key, was: e.oldSubscription.endpoint }) })));
});

async function page(request) {
  try {
    const res = await fetch(request);
    if (res.ok && !res.redirected) await keep(new URL(request.url).pathname, res.clone());
    return res;
  } catch (err) {
    return (await (await caches.open(runs)).match(request.url)) ?? Promise.reject(err);
  }
}
async function keep(path, res) { // the last one only
  const c = await caches.open(runs);
  for (const k of await c.keys()) await c.delete(k);
  await c.put(path, res);
}
async function asset(request) {
  const c = await caches.open(assets), hit = await c.match(request);
  if (hit) return hit;
  const res = await fetch(request);
  if (!res.ok) return res;
  const version = request.url.split("/").slice(0, 5).join("/");
  for (const k of await c.keys()) if (!k.url.startsWith(version + "/")) await c.delete(k);
  await c.put(request, res.clone());
  return res;
}
addEventListener("message", (e) => {
  if (!isRun(e.data?.keep ?? "")) return;
  e.waitUntil(Promise.all([
    fetch(e.data.keep).then((res) => res.ok && !res.redirected && keep(e.data.keep, res)),
    ...(e.data.assets ?? []).map((url) => asset(new Request(url))),
  ]).catch(() => {}));
});
addEventListener("fetch", (e) => {
  const { request } = e, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === "/sign-out") return e.waitUntil(caches.delete(runs));
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && isRun(url.pathname)) e.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/")) e.respondWith(asset(request));
});
