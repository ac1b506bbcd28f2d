// Pushes to this browser begin with a press, never by themselves.
(() => {
  const b = $("[data-push]"), says = $("[data-push-says]");
  if (!b) return;
  const bytes = (s) => Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const same = (a, k) => a && k.length === a.byteLength && new Uint8Array(a).every((x, i) => x === k[i]);
  const name = () => {
    const ua = navigator.userAgent, of = (list) => list.find(([re]) => re.test(ua))?.[1];
    return (of([[/Edg\//, "Edge"], [/Firefox|FxiOS/, "Firefox"], [/Chrom(e|ium)|CriOS/, "Chrome"], [/Safari/, "Safari"]]) ?? "A browser") + " on " +
      (of([[/Android/, "Android"], [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Mac OS/, "Mac"], [/Windows/, "Windows"], [/Linux/, "Linux"]]) ?? "some system");
  };
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
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
      const { pushManager: push } = await navigator.serviceWorker.ready, key = bytes(await (await fetch("/settings/devices/key", { method: "POST" })).text());
      const had = await push.getSubscription();
      if (had && !same(had.options.applicationServerKey, key)) await had.unsubscribe();
      const subscription = await push.subscribe({ userVisibleOnly: true, applicationServerKey: key });
      const res = await fetch("/settings/devices", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name: name(), subscription }) });
      if (!res.ok) throw new Error("Dottedline did not take it. Try again.");
      location.href = "/settings/notices?saved=1";
    } catch (err) {
      says.textContent = err.name === "AbortError" ? "The browser’s push service can’t be reached." : err.message;
      b.disabled = false;
    }
  });
})();
