/** Reads the options of `npm start` and its kin from the command line and the environment. */
import { resolve } from 'node:path'

/** A mistake of the person at the terminal: shown as one sentence, without a stack. */
export class UsageError extends Error {}

const known = {
  '--port': 'LINGXI_PORT',
  '--host': 'LINGXI_HOST',
  '--data-dir': 'LINGXI_DATA_DIR',
}

export const usage = `Options:
  --port <number>      port of the web server   (LINGXI_PORT, default 3000)
  --host <address>     address it listens on    (LINGXI_HOST, default 127.0.0.1)
  --data-dir <folder>  where everything is kept (LINGXI_DATA_DIR, default ./data)
  --no-demo            no demo account on the first start (LINGXI_DEMO=0)
Environment: DATABASE_URL (PostgreSQL 15 or newer instead of the embedded one), REDIS_URL, INFERENCE_URL, SMTP_URL.`

/** @param {string[]} words @param {Record<string, string | undefined>} environment @param {string} root */
export function readOptions(words, environment, root) {
  const values = {}
  let demo = !['0', 'false', 'no'].includes(environment.LINGXI_DEMO ?? '')
  for (let index = 0; index < words.length; index++) {
    const [name, joined] = splitOnce(words[index])
    if (name === '--no-demo' && joined === undefined) demo = false
    else if (name in known) values[known[name]] = takeValue(name, joined ?? words[++index])
    else throw new UsageError(`Unknown option ${words[index]}.\n${usage}`)
  }
  const read = (name, fallback) => values[name] ?? (environment[name] || fallback)
  return {
    port: readPort(read('LINGXI_PORT', '3000')),
    host: read('LINGXI_HOST', '127.0.0.1'),
    dataDir: resolve(root, read('LINGXI_DATA_DIR', 'data')),
    demo,
  }
}

function splitOnce(word) {
  const at = word.indexOf('=')
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)]
}

function takeValue(name, value) {
  if (value === undefined || value === '' || value.startsWith('--'))
    throw new UsageError(`${name} needs a value.\n${usage}`)
  return value
}

function readPort(text) {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new UsageError(`"${text}" is not a port: give a number from 1 to 65535.`)
  }
  return port
}
