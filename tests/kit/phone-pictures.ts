/** Pictures as telephones, cameras and editors write them, made by hand: with everything beside the pixels that ordinary files have. */
import { deflateSync } from 'node:zlib'
import { gif, gifBlocks, jpeg, jpegSegment, png, pngChunk, webp, webpChunk } from './sample-files'

/** Looks like pixels: the same in each run (Lehmer's generator), no 0xff. */
export function noise(length: number, seed = 7): Buffer {
  const bytes = Buffer.alloc(length)
  for (let [at, state] = [0, seed]; at < length; at++) {
    state = (state * 48_271) % 2_147_483_647
    bytes[at] = state % 255
  }
  return bytes
}

const words = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))

const rdf = `<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmp:CreatorTool="HDR+ 1.0" xmp:CreateDate="2026-11-30T10:11:12"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">&lt;svg&gt; 破损的包裹</rdf:li></rdf:Alt></dc:title></rdf:Description>
 </rdf:RDF>
</x:xmpmeta>`
const packet = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${rdf}\n${' '.repeat(2_000)}<?xpacket end="w"?>`
const xmp = Buffer.from(packet)

/** Big endian, with the camera's name, a maker's note and a small preview, as APP1 has it. */
const preview = jpeg(160, 120, [], noise(4_000))
const exif = words(
  'Exif\0\0MM\0*\0\0\0\b',
  noise(600),
  'Apple\0iPhone 15 Pro\0',
  'Apple iOS\0\0\x01MM',
  noise(900),
  'bplist00',
  preview,
)
const icc = words(
  'ICC_PROFILE\0\x01\x01\0\0\x02\x24appl\x04\0\0\0mntrRGB XYZ ',
  noise(500),
  'Display P3\0Copyright Apple Inc., 2022',
)
const mpf = words('MPF\0MM\0*\0\0\0\b\0\x03', noise(80))
const photoshop = words('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x07\x1c\x02\0\0\x02', noise(200))
const credentials = words('JP\0\x01\0\0\0\x01', noise(2_000), 'jumbc2pa')
const flashPix = (app: string, more: Buffer) => jpegSegment(0xe1, words(app, more))
const notes = [
  jpegSegment(0xe1, exif),
  flashPix('http://ns.adobe.com/xap/1.0/\0', xmp),
  flashPix(`http://ns.adobe.com/xmp/extension/\0${'0A'.repeat(16)}`, Buffer.from(rdf)),
  jpegSegment(0xe2, icc),
  jpegSegment(0xe2, mpf),
  jpegSegment(0xed, photoshop),
  jpegSegment(0xeb, credentials),
  jpegSegment(0xfe, Buffer.from('CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90\n')),
  // Tables, and a restart after each row.
  jpegSegment(0xdb, noise(65)),
  jpegSegment(0xc4, noise(28)),
  jpegSegment(0xdd, Buffer.from([0, 8])),
]
/** Scans of a progressive picture, restarts in them, and a table between them. */
const scans = words(
  noise(20_000),
  '\xff\xd0',
  noise(900),
  '\xff\0',
  noise(300),
  '\xff\xff',
  jpegSegment(0xc4, noise(40)),
  jpegSegment(0xda, Buffer.from([1, 1, 0, 1, 5, 0])),
  noise(9_000, 9),
)
const photo = jpeg(4_032, 3_024, notes, scans)

const box = (name: string, body: Buffer): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(body.length + 8)
  return words(size, name, body)
}
const film = words(box('ftyp', words('mp42\0\0\0\0isommp42')), box('mdat', noise(30_000)), box('moov', noise(400)))
const samsung = words(
  '\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1701339072000SEFHk\0\0\0\x01\0\0\0\0\0\x01\x0a#\0\0\0#\0\0\0\x18\0\0\0SEFT',
)
const vivo = words(
  'streamdata',
  noise(500),
  'vivo{"0":0,"1":"com.android.camera","2":1701339072}',
  '\0\0\0\x0b',
  'cameravivo',
)

/** Kept byte for byte. */
export const whole: Record<string, Buffer> = {
  'EXIF with a preview, XMP, ICC, comment': photo,
  'preview and brightness behind (MPF, Ultra HDR)': words(
    photo,
    jpeg(1_920, 1_440, [], noise(5_000)),
    '\0'.repeat(90),
    jpeg(1_008, 756, [flashPix('http://ns.adobe.com/xap/1.0/\0', xmp)], noise(3_000)),
  ),
  'filled up to a block': words(photo, Buffer.alloc(512)),
  'PNG with XMP, EXIF and ICC': png(640, 480, [
    pngChunk('iCCP', words('Display P3\0\0', deflateSync(icc))),
    pngChunk('eXIf', exif.subarray(6)),
    pngChunk('iTXt', words('XML:com.adobe.xmp\0\0\0\0\0', xmp)),
    pngChunk('iTXt', words('XML:com.adobe.xmp\0\0\0\0\0', rdf)),
    pngChunk('tEXt', words('mxfile\0%3Cmxfile%20host%3D%22app.diagrams.net%22%3E')),
    pngChunk('zTXt', words('Comment\0\0', deflateSync(noise(3_000)))),
    pngChunk('caBX', credentials),
  ]),
  'WebP with XMP, EXIF and ICC': webp(640, 480, [
    webpChunk('ICCP', icc),
    webpChunk('VP8L', words('\x2f\x7f\xc2\x77\0', noise(4_000))),
    webpChunk('EXIF', exif),
    webpChunk('XMP ', xmp),
  ]),
  // XMP lies in a GIF as it is, and a tail leads every reader of blocks out of it.
  'GIF with XMP and a film': gif(64, 48, [
    words('\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0'),
    words(
      '\x21\xff\x0bXMP DataXMP',
      Buffer.from(rdf.replace(/[^\x20-\x7e]/g, ' ')),
      '\x01',
      Buffer.from(Array.from({ length: 256 }, (_, at) => 255 - at)),
      '\0',
    ),
    words('\x21\xfe', gifBlocks(Buffer.from('made with GIMP'))),
  ]),
}

/** Kept without what stands behind. */
export const trimmed: Record<string, [picture: Buffer, behind: Buffer]> = {
  'film behind (motion photo)': [photo, film],
  'notes of Samsung': [photo, samsung],
  'notes of vivo': [photo, vivo],
  'half a preview': [photo, preview.subarray(0, 2_000)],
}
