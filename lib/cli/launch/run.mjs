/** Runs another program to its end, quietly; what it said is shown only when it failed. */
import { spawn } from 'node:child_process'

/** @param {string} command @param {string[]} args */
export function runQuietly(command, args, { cwd, env, timeoutMs = 900_000 }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      shell: process.platform === 'win32' && command === 'npm',
    })
    let said = ''
    const listen = (chunk) => {
      said = (said + chunk).slice(-20_000)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const interrupt = () => {
      child.kill('SIGTERM')
      process.exit(1)
    }
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, interrupt)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM']) process.off(name, interrupt)
      if (code === 0) resolve(said)
      else reject(new StepError(`${command} ${args[0] ?? ''} ended with ${signal ?? code}`, said))
    })
  })
}

/** A step that failed with its program's own words. */
export class StepError extends Error {
  constructor(message, output) {
    super(message)
    this.output = output.trim()
  }
}

/**
 * Runs a program in the foreground, with our terminal, and resolves with its exit code.
 *
 * @param {{ beside?: boolean }} [how] beside another one that has the terminal: what it says is shown as a whole when it has ended
 */
export function runVisibly(command, args, { cwd, env }, { beside = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: beside ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
    const said = []
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => said.push(piece))
    const pass = (name) => child.kill(name)
    // A terminal's Ctrl-C reaches the child directly; a SIGTERM sent to us does not.
    const ignore = () => undefined
    process.on('SIGINT', ignore)
    process.on('SIGTERM', pass)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', pass)
      process.stdout.write(Buffer.concat(said))
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}
