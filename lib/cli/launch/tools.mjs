/** Commands that run one program to its end and pass on its exit code: build, migrate, train, bench and the like. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildAll, buildProgramsOnly } from './build.mjs'
import { benches, bundleBench } from './bundle.mjs'
import { ensurePackages } from './install.mjs'
import { UsageError } from './options.mjs'
import { runVisibly } from './run.mjs'

export async function buildEverything(root, environment) {
  await ensurePackages(root, environment)
  await buildAll(root, environment)
}

export async function runProgram(name, words, root, environment) {
  await ensurePackages(root, environment)
  await buildProgramsOnly(root, environment)
  const file = join(root, '.build/cli', `${name}.mjs`)
  if (!existsSync(file)) throw new UsageError(`There is no program lib/cli/${name}.ts.`)
  return runVisibly(process.execPath, ['--enable-source-maps', file, ...words], {
    cwd: root,
    env: environment,
  })
}

export async function runBench(words, root, environment) {
  await ensurePackages(root, environment)
  const [name, ...rest] = words
  const names = benches(root)
  if (!names.includes(name))
    throw new UsageError(`npm run bench -- <name>, where <name> is one of: ${names.join(', ') || 'none yet'}.`)
  await buildProgramsOnly(root, environment)
  await bundleBench(root, name)
  const file = join(root, '.build/bench', `${name}.mjs`)
  return runVisibly(process.execPath, ['--enable-source-maps', '--expose-gc', file, ...rest], {
    cwd: root,
    env: environment,
  })
}
