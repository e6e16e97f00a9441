/** A picture for the demo: a parcel with a crushed corner on a table, drawn by code and written as a PNG. */
import { crc32, deflateSync } from 'node:zlib'

const width = 480
const height = 360

type Point = readonly [x: number, y: number]
type Colour = readonly [red: number, green: number, blue: number]

/** Later shapes lie on top. */
const shapes: readonly { points: readonly Point[]; colour: Colour }[] = [
  // Shadow on the table.
  {
    points: [
      [88, 300],
      [330, 322],
      [432, 262],
      [400, 240],
      [120, 260],
    ],
    colour: [120, 94, 70],
  },
  // Front, side, top.
  {
    points: [
      [96, 150],
      [300, 176],
      [300, 314],
      [96, 276],
    ],
    colour: [193, 149, 99],
  },
  {
    points: [
      [300, 176],
      [404, 126],
      [404, 240],
      [300, 314],
    ],
    colour: [158, 116, 72],
  },
  {
    points: [
      [96, 150],
      [206, 104],
      [404, 126],
      [300, 176],
    ],
    colour: [214, 173, 122],
  },
  // Tape over the top and down the front.
  {
    points: [
      [186, 161],
      [290, 113],
      [318, 116],
      [216, 165],
    ],
    colour: [231, 214, 172],
  },
  {
    points: [
      [186, 161],
      [216, 165],
      [216, 214],
      [186, 209],
    ],
    colour: [222, 203, 158],
  },
  // The address label.
  {
    points: [
      [112, 190],
      [170, 198],
      [170, 250],
      [112, 240],
    ],
    colour: [240, 238, 230],
  },
  {
    points: [
      [118, 200],
      [160, 206],
      [160, 210],
      [118, 204],
    ],
    colour: [90, 90, 92],
  },
  {
    points: [
      [118, 210],
      [152, 215],
      [152, 219],
      [118, 214],
    ],
    colour: [90, 90, 92],
  },
  {
    points: [
      [118, 220],
      [160, 226],
      [160, 238],
      [118, 231],
    ],
    colour: [60, 60, 62],
  },
  // The crushed corner: pushed in, torn open, a shard of porcelain looking out.
  {
    points: [
      [236, 168],
      [330, 108],
      [404, 126],
      [404, 178],
      [340, 236],
      [300, 250],
    ],
    colour: [134, 96, 60],
  },
  {
    points: [
      [262, 176],
      [334, 126],
      [396, 142],
      [380, 186],
      [318, 226],
    ],
    colour: [84, 58, 38],
  },
  {
    points: [
      [284, 184],
      [330, 146],
      [352, 168],
      [322, 206],
    ],
    colour: [52, 36, 26],
  },
  {
    points: [
      [304, 186],
      [338, 158],
      [350, 178],
      [326, 198],
    ],
    colour: [236, 240, 242],
  },
  {
    points: [
      [312, 186],
      [336, 168],
      [340, 174],
      [324, 190],
    ],
    colour: [112, 150, 186],
  },
  // Flaps that stand off.
  {
    points: [
      [300, 250],
      [318, 226],
      [352, 250],
      [336, 268],
    ],
    colour: [206, 164, 114],
  },
  {
    points: [
      [330, 108],
      [346, 84],
      [384, 104],
      [372, 120],
    ],
    colour: [222, 182, 132],
  },
]

function inside(points: readonly Point[], x: number, y: number): boolean {
  let is = false
  for (const [i, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(i + 1) % points.length] as Point
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) is = !is
  }
  return is
}

/** Wood that gets darker towards the back, with a grain. */
function table(x: number, y: number): Colour {
  const light = 0.72 + (y / height) * 0.34 + 0.03 * Math.sin(y / 3 + Math.sin(x / 60) * 4)
  return [172 * light, 142 * light, 112 * light]
}

function pixels(): Buffer {
  const raw = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shape = shapes.findLast(({ points }) => inside(points, x + 0.5, y + 0.5))
      const colour = shape?.colour ?? table(x, y)
      // A little unevenness, the same each time.
      const grain = ((x * 73 + y * 151 + ((x * y) % 97)) % 9) - 4
      for (const [i, part] of colour.entries())
        raw[y * (width * 3 + 1) + 1 + x * 3 + i] = Math.max(0, Math.min(255, part + grain))
    }
  }
  return raw
}

function chunk(name: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(body.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}

export function drawParcel(): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits each of red, green and blue.
  head.set([8, 2], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels(), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
