#!/usr/bin/env node
/** The one door to every command: makes a fresh clone ready (Node's own modules only), then runs what was asked for. */
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const [command = '', ...words] = process.argv.slice(2)
const serving = ['start', 'dev', 'web', 'worker']
const programs = [
  'migrate',
  'train',
  'evaluate',
  'predict',
  'base',
  'encoder',
  'import-account',
  'stripe-sync',
  'reset-second-factor',
]

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(
    `Lingxi needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org.`,
  )
  process.exit(1)
}

async function main() {
  if (words.includes('--help') && !programs.includes(command)) {
    const { usage } = await import('./launch/options.mjs')
    console.log(usage)
  } else if (serving.includes(command)) {
    const { serve } = await import('./launch/serve.mjs')
    await serve(command, words, root, process.env)
  } else if (command === 'test') {
    const { runTests } = await import('./launch/test.mjs')
    process.exitCode = await runTests(words, root, process.env)
  } else if (command === 'test-hard') {
    const { runHardTests } = await import('./launch/test.mjs')
    process.exitCode = await runHardTests(words, root, process.env)
  } else if (command === 'build') {
    const { buildEverything } = await import('./launch/tools.mjs')
    await buildEverything(root, process.env)
  } else if (command === 'bench') {
    const { runBench } = await import('./launch/tools.mjs')
    process.exitCode = await runBench(words, root, process.env)
  } else if (programs.includes(command)) {
    const { runProgram } = await import('./launch/tools.mjs')
    process.exitCode = await runProgram(command, words, root, process.env)
  } else {
    console.error(
      `Unknown command "${command}". Known: ${[...serving, 'build', 'test', 'test-hard', 'bench', ...programs].join(', ')}.`,
    )
    process.exitCode = 2
  }
}

refuseOldNode()
main().catch((error) => {
  // Sentences for people come without a stack; anything else is a fault of ours and shows all it has.
  const plain =
    ['UsageError', 'StartupError', 'StepError'].includes(error?.constructor?.name) || error?.name === 'StartupError'
  if (error?.output) console.error(error.output)
  console.error(`\n${plain ? error.message : (error?.stack ?? error)}`)
  process.exit(1)
})
