/** A rough reading of a browser's name for its owner to recognise; nothing is decided by it. */

const browsers: [string, RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /SamsungBrowser\//],
  ['WeChat', /MicroMessenger\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
]
const systems: [string, RegExp][] = [
  ['Android', /Android/],
  ['iPad', /iPad/],
  ['iPhone', /iPhone/],
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
]

const find = (list: [string, RegExp][], text: string): string | null =>
  list.find(([, shape]) => shape.test(text))?.[0] ?? null

export const readBrowser = (userAgent: string): { browser: string | null; system: string | null; phone: boolean } => ({
  browser: find(browsers, userAgent),
  system: find(systems, userAgent),
  phone: /Mobile|iPhone|Android/.test(userAgent),
})
