// A new member's time zone is the browser's.
for (const z of $$("[data-zone]")) if (z.value === "UTC") z.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
