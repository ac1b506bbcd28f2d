// Pushes to this browser begin with a press, never by themselves.
(() => {
  const b = $("[data-push]"), says = $("[data-push-says]"), renew = $("[data-push-renew]");
  if (!b && !renew) return;
  const bytes = (s) => Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const same = (a, k) => a && k.length === a.byteLength && new Uint8Array(a).every((x, i) => x === k[i]);
  const name = () => {
    const ua = navigator.userAgent, of = (list) => list.find(([re]) => re.test(ua))?.[1];
    return (of([[/Edg\//, "Edge"], [/Firefox|FxiOS/, "Firefox"], [/Chrom(e|ium)|CriOS/, "Chrome"], [/Safari/, "Safari"]]) ?? "A browser") + " on " +
      (of([[/Android/, "Android"], [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Mac OS/, "Mac"], [/Windows/, "Windows"], [/Linux/, "Linux"]]) ?? "some system");
  };
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  // subscribes under the site's key, or stays with the subscription that is, and tells Dottedline
  const tell = async (push, had, text) => {
    const key = bytes(text);
    let was = "";
    if (had && !same(had.options.applicationServerKey, key)) { was = had.endpoint; await had.unsubscribe(); }
    const subscription = await push.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    return fetch("/settings/devices", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: name(), subscription, key: text, was }) });
  };
  const siteKey = async () => (await fetch("/settings/devices/key", { method: "POST" })).text();
  // A subscription under an older key is renewed; where nobody pressed, there is none.
  if (renew && able && Notification.permission === "granted") navigator.serviceWorker.getRegistration().then(async (r) => {
    const had = await r?.pushManager.getSubscription();
    if (had && !sessionStorage.pushRenewed) { sessionStorage.pushRenewed = "yes"; await tell(r.pushManager, had, await siteKey()); }
  }).catch(() => {});
  if (!b) return;
  if (!able) {
    says.textContent = /iPhone|iPad/.test(navigator.userAgent)
      ? "On an iPhone or iPad, add this page to the Home Screen first (Share, Add to Home Screen), and open it from there."
      : isSecureContext ? "This browser can’t be pushed to." : "Pushes need https: whoever runs this Dottedline can put a proxy with TLS in front.";
    return;
  }
  b.hidden = false;
  b.addEventListener("click", async () => {
    b.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("The browser does not allow it. Its settings for this site can change that.");
      await navigator.serviceWorker.register("/sw.js");
      const { pushManager: push } = await navigator.serviceWorker.ready, res = await tell(push, await push.getSubscription(), await siteKey());
      if (!res.ok) throw new Error("Dottedline did not take it. Try again.");
      location.href = "/settings/notices?saved=1";
    } catch (err) {
      says.textContent = err.name === "AbortError" ? "The browser’s push service can’t be reached." : err.message;
      b.disabled = false;
    }
  });
})();
