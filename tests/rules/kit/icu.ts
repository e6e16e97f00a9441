/** Reads ICU messages far enough to compare two languages: their variables, their tags and their plain text. */

export interface IcuMessage {
  /** Names with their kind, such as "count:plural" or "name". */
  variables: Set<string>
  tags: Set<string>
  text: string
}

/** @throws with a reason when the message cannot be formatted */
export function readIcu(source: string): IcuMessage {
  const found: IcuMessage = { variables: new Set(), tags: new Set(), text: '' }
  const end = message(source, 0, found, 0)
  if (end !== source.length) throw new Error(`a closing brace too many at ${end}`)
  for (const [, tag] of found.text.matchAll(/<(\w+)>/g)) found.tags.add(tag as string)
  found.text = found.text.replace(/<\/?\w+\/?>/g, '')
  return found
}

function message(source: string, from: number, found: IcuMessage, depth: number): number {
  let at = from
  while (at < source.length) {
    const sign = source[at]
    if (sign === '}') {
      if (depth === 0) return at
      return at
    }
    if (sign === '{') at = argument(source, at + 1, found, depth)
    else {
      found.text += sign
      at++
    }
  }
  if (depth > 0) throw new Error('a brace is not closed')
  return at
}

const word = /\s*([\w=]+)\s*/y

function take(source: string, at: number): { value: string; end: number } {
  word.lastIndex = at
  const match = word.exec(source)
  if (!match) throw new Error(`a name is missing at ${at}`)
  return { value: match[1] as string, end: word.lastIndex }
}

function argument(source: string, from: number, found: IcuMessage, depth: number): number {
  const name = take(source, from)
  if (source[name.end] === '}') {
    found.variables.add(name.value)
    return name.end + 1
  }
  if (source[name.end] !== ',') throw new Error(`${name.value} is not closed`)
  const kind = take(source, name.end + 1)
  found.variables.add(`${name.value}:${kind.value}`)
  if (!['plural', 'select', 'selectordinal'].includes(kind.value)) {
    const close = source.indexOf('}', kind.end)
    if (close < 0) throw new Error(`${name.value} is not closed`)
    return close + 1
  }
  if (source[kind.end] !== ',') throw new Error(`${name.value} has no choices`)
  return choices(source, kind.end + 1, found, depth, name.value)
}

function choices(source: string, from: number, found: IcuMessage, depth: number, name: string): number {
  const seen = new Set<string>()
  let at = from
  for (;;) {
    while (/\s/.test(source[at] ?? '')) at++
    if (source[at] === '}') break
    const choice = take(source, at)
    seen.add(choice.value)
    if (source[choice.end] !== '{') throw new Error(`the choice ${choice.value} of ${name} has no text`)
    at = message(source, choice.end + 1, found, depth + 1)
    if (source[at] !== '}') throw new Error(`the choice ${choice.value} of ${name} is not closed`)
    at++
  }
  if (!seen.has('other')) throw new Error(`${name} lacks the choice "other"`)
  return at + 1
}
