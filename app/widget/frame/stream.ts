/** Reads server-sent events out of text that arrives in arbitrary pieces. */

/** @param heard gets what is in each event's one line of data */
export function createReader(heard: (data: string) => void): (piece: string) => void {
  let rest = ''
  return (piece) => {
    const blocks = (rest + piece).split(/\r?\n\r?\n/)
    rest = blocks.pop()!
    for (const block of blocks) {
      const data = /^data: ?(.*)$/m.exec(block)
      if (data) heard(data[1]!)
    }
  }
}
