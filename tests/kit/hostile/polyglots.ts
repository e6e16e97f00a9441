/** Files that are two things at once: everything bad in front of, behind and inside everything good, with what has to become of each; and what unpacks to a gigabyte. */
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import type { FileKind } from '@/lib/core/attachment'
import { noise } from '../phone-pictures'
import { gif, gifComment, jpeg, jpegSegment, pdf, png, pngChunk, pngText, webp, webpChunk, zip } from '../sample-files'

const page = '<!doctype html><html><body><script>alert(1)</script>'
export const bad = {
  page: Buffer.from(page),
  drawing: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  archive: zip(),
  script: Buffer.from('#!/bin/sh\nrm -rf ~\n'),
  program: Buffer.from('MZ\x90\0\x03\0\0\0\x04\0', 'latin1'),
  document: pdf(),
  packed: gzipSync(page),
  markup: Buffer.from('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a"><!ENTITY b "&a;&a;">]><x>&b;</x>'),
}
type Bad = keyof typeof bad

const two = (one: Buffer, other: Buffer): Buffer => Buffer.concat([one, other])
/** Of 8 by 6, as their head says. */
const webpHead = Buffer.from([0x2f, 7, 0x40, 1, 0])
const shade = (size: number) => two(webpHead, noise(size))
/** A picture's size is that of its pixels. */
export const good: Record<FileKind, (size: number, pixels?: Buffer) => Buffer> = {
  png: (size, pixels = noise(size)) => png(8, 6, [pngChunk('IDAT', pixels)]),
  jpeg: (size, pixels = noise(size)) => jpeg(8, 6, [], pixels),
  gif: (size, pixels = noise(size)) => gif(8, 6, [], pixels),
  webp: (size, pixels = shade(size)) => webp(8, 6, [webpChunk('VP8L', pixels)]),
  pdf: (size, pixels = noise(size)) => pdf(`1 0 obj<<>>stream\n${pixels.toString('latin1')}\nendstream endobj`),
  text: (size) => Buffer.alloc(size, 'Order 42 came broken.\n'),
}

const keyword = Buffer.from('Comment\0\0\0\0\0')
/** Where in a file something may stand that is no picture. */
const notes: [outer: FileKind, where: string, make: (inner: Buffer, size: number) => Buffer][] = [
  ['png', 'text', (inner, size) => png(8, 6, [pngText(inner.toString('latin1')), pngChunk('IDAT', noise(size))])],
  [
    'png',
    'international text',
    (inner, size) => png(8, 6, [pngChunk('iTXt', two(keyword, inner)), pngChunk('IDAT', noise(size))]),
  ],
  ['png', 'chunk of its own', (inner, size) => png(8, 6, [pngChunk('xyZz', inner), pngChunk('IDAT', noise(size))])],
  ['jpeg', 'comment', (inner, size) => jpeg(8, 6, [jpegSegment(0xfe, inner)], noise(size))],
  ['jpeg', 'segment of its own', (inner, size) => jpeg(8, 6, [jpegSegment(0xe9, two(keyword, inner))], noise(size))],
  ['gif', 'comment', (inner, size) => gif(8, 6, [gifComment(inner)], noise(size))],
  ['webp', 'chunk of its own', (inner, size) => webp(8, 6, [webpChunk('VP8L', shade(size)), webpChunk('mine', inner)])],
]

export interface Double {
  what: string
  bytes: Buffer
  /** What it is taken as, where it is taken. */
  outer: FileKind
  /** The status that the upload has to end with. */
  end: number
}

const pages: readonly string[] = ['page', 'drawing', 'markup']
/** An unpacker finds an archive whose end is among the last 64 kB. */
const isFound = (other: Bad, size: number) => pages.includes(other) || (other === 'archive' && size < 65_000)
const binary: readonly string[] = ['archive', 'program', 'packed']

/**
 * What becomes of each. What is taken all the same is none of two things: scripts, programs, archives and packed files begin
 * with their first byte, and in a text pages and documents are text.
 */
function endOf(
  outer: FileKind,
  other: Bad,
  where: 'behind' | 'before' | 'inside' | 'note' | 'pixels',
  size: number,
): [number, FileKind] {
  const refusedAs = (status: number, refused: boolean): [number, FileKind] => [refused ? status : 201, outer]
  // Two documents are one.
  if (outer === 'pdf' && other === 'document') return [201, 'pdf']
  if (where === 'before') {
    // What begins it says what it is: a document that ends near the end, a script in front of a text.
    if (other === 'document') return size < 2_000 ? [201, 'pdf'] : [422, outer]
    return refusedAs(415, !(other === 'script' && outer === 'text'))
  }
  if (outer === 'text') {
    if (other === 'document') return refusedAs(422, where === 'inside' || size < 1_024)
    return refusedAs(415, binary.includes(other))
  }
  if (outer === 'pdf') return refusedAs(422, where === 'behind' || isFound(other, size))
  return refusedAs(422, where !== 'pixels' || isFound(other, size) || other === 'document')
}

/** @param sizes of what is good in them */
export function* doubles(sizes: readonly number[]): Generator<Double> {
  const all = Object.entries(bad) as [Bad, Buffer][]
  const make = (what: string, bytes: Buffer, [end, outer]: [number, FileKind]): Double => ({ what, bytes, outer, end })
  for (const size of sizes)
    for (const [other, inner] of all) {
      const said = `${size / 1_000} kB`
      for (const kind of Object.keys(good) as FileKind[]) {
        const outer = good[kind](size)
        const end = (where: Parameters<typeof endOf>[2]) => endOf(kind, other, where, size)
        yield make(`${other} behind ${kind}, ${said}`, two(outer, inner), end('behind'))
        yield make(`${other} before ${kind}, ${said}`, two(inner, outer), end('before'))
        const inside = Buffer.concat([outer.subarray(0, 12), inner, outer.subarray(12)])
        yield make(`${other} in ${kind}, ${said}`, inside, end('inside'))
        if (kind === 'text') continue
        const pixels = Buffer.concat([noise(100), inner, noise(size)])
        yield make(
          `${other} in the pixels of ${kind}, ${said}`,
          good[kind](0, kind === 'webp' ? two(webpHead, pixels) : pixels),
          end('pixels'),
        )
      }
      for (const [kind, where, put] of notes)
        yield make(`${other} in a ${where} of ${kind}, ${said}`, put(inner, size), endOf(kind, other, 'note', size))
    }
  for (const [other, inner] of all) {
    const text = other === 'script'
    yield make(other, inner, other === 'document' ? [201, 'pdf'] : [text ? 201 : 415, 'text'])
  }
}

const nothing = Buffer.alloc(20_000_000)
const times = 52
/** A gigabyte of noughts each, made of 20 MB that are there 52 times. */
export const repeatedly = {
  gzip: (): Buffer => Buffer.alloc(times * gzipSync(nothing).length, gzipSync(nothing)),
  /** One entry that its directory names 52 times. */
  zip: (): Buffer => {
    const one = Buffer.from(zipSync({ x: nothing }, { level: 1 }))
    const at = one.lastIndexOf('PK\x05\x06')
    const start = one.readUInt32LE(at + 16)
    const entry = one.subarray(start, at)
    const end = Buffer.from(one.subarray(at))
    end.writeUInt16LE(times, 8)
    end.writeUInt16LE(times, 10)
    end.writeUInt32LE(times * entry.length, 12)
    return Buffer.concat([one.subarray(0, start), Buffer.alloc(times * entry.length, entry), end])
  },
}
