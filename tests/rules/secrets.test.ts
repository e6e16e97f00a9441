/** No secret lies in the repository: not in code, tests, documents, settings or examples. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { held } from '../kit/guarantee'
import { projectFiles } from './kit/files'
import { plantedSecrets, secretsIn } from './kit/secrets'

/** Files of figures and pictures, in which anything may be read. */
const binary = /\.(onnx|bin|png|jpe?g|webp|gif|woff2|parquet|gz|ico)$|^package-lock\.json$/

/** Made-up ones are what these are about. */
const madeUp: Record<string, string> = {
  'tests/unit/privacy/corpus.ts': 'texts in which secrets are to be masked',
  'tests/unit/identity/mail.test.ts': 'a link whose secret part is blotted out',
  'tests/processes/external.test.ts': 'addresses of databases that are to be refused',
}

test('files with made-up secrets still have them', () => {
  for (const path of Object.keys(madeUp)) expect(secretsIn(readFileSync(path, 'utf8')), path).not.toEqual([])
})

test('no file of the project holds a secret', () => {
  const files = projectFiles().filter((path) => !binary.test(path) && !(path in madeUp))
  expect(files.length).toBeGreaterThan(500)
  expect(files.flatMap((path) => secretsIn(readFileSync(path, 'utf8')).map((found) => `${path}: ${found}`))).toEqual([])
  held('9 secrets in the repository', `${files.length} files, ${plantedSecrets.length} kinds looked for: 0`)
})

test.each(plantedSecrets)('the fence bites: %#', (planted) => {
  expect(secretsIn(`const x = 1\n${planted}\n`)).toHaveLength(1)
})

test('secrets that an installation makes for itself are never tracked', () => {
  const tracked = projectFiles().filter((path) =>
    /(^|\/)(secrets\.json|demo\.json|\.env(\..*)?|id_[a-z0-9]+|.*\.(pem|key|p12))$/.test(path),
  )
  expect(tracked).toEqual([])
})
