/** Takes out of an error what it may repeat of somebody's words: what is left says what went wrong and where, not with what. */

const most = 400

/** Hides quoted values, values of a key, addresses, long numbers, and whatever is not ASCII. */
export function scrub(text: string): string {
  return (
    text
      .replace(/\s+/g, ' ')
      // An odd number of quotes: what the last one begins was cut off.
      .replace(/^([^"]*)"(?:[^"]*"[^"]*")*[^"]*$/, '$1"…"')
      // From the first quote to the last: what is quoted may hold quotes.
      .replace(/["'“«].*["'”»]/, '"…"')
      .replace(/<[^>]*>/g, '<…>')
      .replace(/\)=\((?:[^()]|\([^()]*\))*\)/g, ')=(…)')
      .replace(/Failing row contains \(.*?\)\.?/g, 'Failing row contains (…)')
      .replace(/\/\/[^\s/@]+@/g, '//…@')
      .replace(/[^\s@<>()/:…]+@[^\s@<>()/]+/g, '…@…')
      .replace(/[?&]([\w.-]+)=[^\s&]+/g, '?$1=…')
      .replace(/\b(?:bearer|basic)\s+\S+/gi, '…')
      .replace(/\b[A-Za-z0-9_+/=-]{24,}\b/g, (word) => (/\d/.test(word) && !uuid.test(word) ? '…' : word))
      .replace(/\+?\d[\d .()-]{5,}\d/g, '…')
      .replace(/[^\x20-\x7e…]+/g, '…')
      .slice(0, most)
  )
}
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export interface ScrubbedError {
  type: string
  code?: string
  message: string
  /** Places in the code only. */
  at?: string[]
  cause?: ScrubbedError
}

/** An error as a log line has it. */
export function scrubError(error: unknown, depth = 0): ScrubbedError {
  if (!(error instanceof Error)) return { type: typeof error, message: scrub(String(error)) }
  const { code, cause } = error as Error & { code?: unknown }
  // The message stands in the stack, too, and may hold lines that look like places.
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    message: scrub(error.message),
    at: frames.slice(0, 12).map((line) => line.trim()),
    ...(cause === undefined || depth > 3 ? {} : { cause: scrubError(cause, depth + 1) }),
  }
}
