/** Finds out whether the web server's port is free before anything slow is done. */
import { createServer } from 'node:net'

/** @param {string} host @param {number} port @returns {Promise<'free' | 'taken' | 'forbidden' | 'unknown address'>} */
export function probePort(host, port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const words = {
        EADDRINUSE: 'taken',
        EACCES: 'forbidden',
        EADDRNOTAVAIL: 'unknown address',
        ENOTFOUND: 'unknown address',
      }
      resolve(words[error.code] ?? 'taken')
    })
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve('free')))
  })
}

/** @param {string} host @param {number} port @param {string} state */
export function portSentence(host, port, state) {
  if (state === 'forbidden') return `Port ${port} needs more rights than this user has; choose another with --port.`
  if (state === 'unknown address') return `${host} is not an address of this machine; choose another with --host.`
  return `Port ${port} on ${host} is used by another program; choose another with --port.`
}
