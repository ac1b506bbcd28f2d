// A new member's time zone is the browser's.
for (const z of $$("[data-zone]")) if (z.value === "UTC") z.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
// A guest reads times on the own clock, once: the answer names the zone.
for (const f of $$("form[data-own-zone]")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own && own !== f.zone.value && !new URLSearchParams(location.search).has("zone")) { f.zone.value = own; f.requestSubmit(); }
}
