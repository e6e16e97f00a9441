/** The JavaScript classifiers that people use today, installed for the bench alone: the product's own lock file never sees them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

export const peers = { 'node-nlp': '4.27.0', natural: '8.1.1' } as const
export type Peer = keyof typeof peers

const folder = resolve('.build/bench-peers')

function versionOf(name: Peer): string {
  const file = join(folder, 'node_modules', name, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : ''
}

/** Installs exactly these versions on first use; no script of theirs runs. Returns a sentence when that is not possible. */
export function installPeers(): string | undefined {
  const missing = Object.entries(peers).filter(([name, version]) => versionOf(name as Peer) !== version)
  if (missing.length === 0) return undefined
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const wanted = Object.entries(peers).map(([name, version]) => `${name}@${version}`)
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  console.log(`installing ${wanted.join(' and ')} into .build/bench-peers …`)
  const done = spawnSync('npm', ['install', ...options, ...wanted], {
    cwd: folder,
    timeout: 180_000,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (done.status === 0) return undefined
  return `${wanted.join(' and ')} cannot be installed (is there a network?): only Lingxi is measured.`
}

export function requirePeer(name: Peer): unknown {
  return createRequire(join(folder, 'package.json'))(name)
}
