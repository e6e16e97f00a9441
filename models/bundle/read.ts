/** Reads a bundle folder and believes nothing until digests, vocabulary and signature agree with the manifest. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CLEAN_VERSION } from '../text/clean'
import { Vocabulary } from '../text/vocabulary'
import { BundleError } from './error'
import { BUNDLE_VERSIONS, type Manifest, manifestSchema, PARTS, type Probes, probesSchema } from './manifest'
import { signatureHolds, signatureSchema } from './sign'
import { sha256 } from './write'

export interface BundleParts {
  manifest: Manifest
  /** Of the manifest, which holds those of the parts: names exactly these weights. */
  digest: string
  /** Its first 12 digits. */
  modelVersion: string
  graph: Uint8Array
  vocabulary: Vocabulary
  probes: Probes
}

export interface ReadOptions {
  /** Public keys (base64 SPKI) one of which must have signed; without it a present signature must merely hold. */
  trustedKeys?: readonly string[]
  /** Whose bundle it must be, and the sha256 of its manifest: a name that says both cannot be given to other weights. */
  expected?: { id: string; digest: string }
}

export function readBundle(folder: string, options: ReadOptions = {}): BundleParts {
  const path = join(folder, 'manifest.json')
  if (!existsSync(path)) throw new BundleError('missing', `there is no bundle in ${folder}`)
  const text = readFileSync(path, 'utf8')
  const digest = sha256(text)
  if (options.expected && digest !== options.expected.digest) {
    throw new BundleError('digest_mismatch', 'manifest.json is not the one that the bundle is named after')
  }
  const manifest = parseManifest(text)
  if (options.expected && manifest.id !== options.expected.id) {
    throw new BundleError('foreign', 'the bundle belongs to somebody else')
  }
  checkSignature(folder, text, options)
  const parts = {} as Record<(typeof PARTS)[number], Uint8Array>
  for (const name of PARTS) {
    const file = join(folder, name)
    if (!existsSync(file)) throw new BundleError('part_missing', `the bundle lacks ${name}`)
    parts[name] = readFileSync(file)
    if (sha256(parts[name]) !== manifest.parts[name].sha256) {
      throw new BundleError('digest_mismatch', `${name} is not the file that the manifest describes`)
    }
  }
  return {
    manifest,
    digest,
    modelVersion: digest.slice(0, 12),
    graph: parts['model.onnx'],
    vocabulary: parseVocabulary(parts['vocabulary.bin']),
    probes: parseProbes(parts['probes.json']),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseManifest(text: string): Manifest {
  const json = parseJson(text)
  const version = (json as { version?: unknown } | undefined)?.version
  if (typeof version === 'number' && !BUNDLE_VERSIONS.includes(version)) {
    throw new BundleError(
      'version_unknown',
      `the bundle has version ${version}; this program reads ${BUNDLE_VERSIONS.join(' and ')}`,
    )
  }
  const parsed = manifestSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new BundleError('manifest_invalid', `manifest.json: ${issue?.path.join('.')} ${issue?.message}`)
  }
  if (parsed.data.text.cleanVersion !== CLEAN_VERSION) {
    throw new BundleError(
      'version_unknown',
      `the bundle cleans text by version ${parsed.data.text.cleanVersion}; this program has ${CLEAN_VERSION}`,
    )
  }
  return parsed.data
}

function checkSignature(folder: string, manifest: string, options: ReadOptions): void {
  const file = join(folder, 'signature.json')
  if (!existsSync(file)) {
    if (options.trustedKeys) throw new BundleError('signature_invalid', 'the bundle is not signed')
    return
  }
  const parsed = signatureSchema.safeParse(parseJson(readFileSync(file, 'utf8')))
  if (!parsed.success || !signatureHolds(manifest, parsed.data, options.trustedKeys)) {
    throw new BundleError('signature_invalid', 'the signature does not belong to this manifest or to a trusted key')
  }
}

function parseVocabulary(bytes: Uint8Array): Vocabulary {
  try {
    return Vocabulary.fromBytes(bytes)
  } catch (error) {
    throw new BundleError('vocabulary_invalid', `vocabulary.bin is ${(error as Error).message}`)
  }
}

function parseProbes(bytes: Uint8Array): Probes {
  const parsed = probesSchema.safeParse(parseJson(new TextDecoder().decode(bytes)))
  if (!parsed.success || parsed.data.length === 0)
    throw new BundleError('manifest_invalid', 'probes.json holds no probes')
  return parsed.data
}
