/** Rules over the words of both languages. */
import { readIcu } from './icu'

export type Tree = { [key: string]: string | Tree }

export function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const path = prefix + key
    if (typeof value === 'string') flat.set(path, value)
    else for (const [inner, text] of flatten(value, `${path}.`)) flat.set(inner, text)
  }
  return flat
}

/** Names that are the same in both languages. */
const names = /Lingxi 灵犀|Lingxi|English|简体中文|Google|GitHub|OpenID Connect|CSV|JSON|HTML|SMTP|Ctrl|Esc|Enter/g
const saysNothing = (text: string): boolean => !/[A-Za-z]{2}/.test(text.replace(/\{\w+\}/g, '').replace(names, ''))

/** Chinese is written with its own punctuation and a space beside Latin letters and digits. */
function chineseViolations(text: string): string[] {
  const found: string[] = []
  const say = (pattern: RegExp, why: string) => {
    const match = pattern.exec(text)
    if (match) found.push(`${why} near "${match[0]}"`)
  }
  say(/\p{sc=Han}[,;:!?]|[,;!?]\p{sc=Han}/u, 'half-width punctuation')
  say(/\p{sc=Han}\.(?!\w)/u, 'an English full stop')
  say(/\.\.\./, 'three dots instead of …')
  say(/\p{sc=Han}\(|\)\p{sc=Han}/u, 'half-width brackets')
  say(/\p{sc=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{sc=Han}/u, 'no space between Chinese and Latin')
  return found
}

/** One sentence per word that the two languages do not share in form. */
export function wordViolations(namespace: string, en: Tree, zh: Tree): string[] {
  const found: string[] = []
  const [english, chinese] = [flatten(en), flatten(zh)]
  const say = (key: string, why: string) => found.push(`${namespace}.${key}: ${why}`)
  for (const key of english.keys()) if (!chinese.has(key)) say(key, 'missing in zh-CN')
  for (const key of chinese.keys()) if (!english.has(key)) say(key, 'missing in en')
  for (const [key, text] of english) {
    const other = chinese.get(key)
    if (text.trim() === '') say(key, 'empty in en')
    if (other === undefined) continue
    if (other.trim() === '') say(key, 'empty in zh-CN')
    try {
      const [a, b] = [readIcu(text), readIcu(other)]
      // A language without plurals may use the bare variable.
      const variables = (message: typeof a) =>
        [...message.variables]
          .map((name) => name.split(':')[0])
          .sort()
          .join()
      if (variables(a) !== variables(b)) say(key, `variables differ: ${variables(a)} / ${variables(b)}`)
      if ([...a.tags].sort().join() !== [...b.tags].sort().join()) say(key, 'tags differ')
      for (const why of chineseViolations(b.text)) say(key, why)
      if (text === other && !saysNothing(text)) say(key, `not translated: ${text}`)
      if (/\p{sc=Han}/u.test(a.text.replace('灵犀', '').replace('简体中文', ''))) say(key, 'Chinese in en')
    } catch (error) {
      say(key, (error as Error).message)
    }
  }
  return found
}
