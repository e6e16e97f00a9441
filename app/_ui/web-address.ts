/** Which addresses that others wrote may be pressed. Pure. */

/** As the browser reads it; null unless it is http or https with a host and without a user name, which can look like a host. */
export function webAddress(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.hostname && !url.username && !url.password ? url.href : null
}
