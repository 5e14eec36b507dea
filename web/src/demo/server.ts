const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Where the demonstration's widget finds its server: the page's meta tag, else a ?server= that names a loopback
 * address, else nothing (the origin of the script). Anything but loopback in a link could lead a customer astray.
 */
export function chosenServer(meta: string | null, query: string): string | null {
  if (meta?.trim()) return meta.trim();
  const asked = new URLSearchParams(query).get("server");
  if (!asked) return null;
  try {
    const url = new URL(asked);
    const web = url.protocol === "http:" || url.protocol === "https:";
    return web && LOOPBACK.has(url.hostname) ? url.origin : null;
  } catch {
    return null;
  }
}
