/** Finds a TCP port on 127.0.0.1 that nobody uses now, and that no outgoing connection is given a moment later. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ranges from which systems take the ports of outgoing connections: Linux 32768–60999
// (ip(7), ip_local_port_range), macOS 49152–65535 (RFC 6335). A port from there may be taken
// between our look at it and the start of the program that shall listen on it.
const lowest = 15_000
const highest = 32_000
const tries = 20

export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const port = await listenOn(randomInt(lowest, highest)).catch(() => undefined)
    if (port !== undefined) return port
  }
  return listenOn(0)
}

function listenOn(wish: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ host: '127.0.0.1', port: wish }, () => {
      const address = probe.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
