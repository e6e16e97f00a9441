/** Why a bundle cannot be used, as a stable code and a sentence. */
export type BundleProblem =
  | 'missing'
  | 'manifest_invalid'
  | 'version_unknown'
  | 'part_missing'
  | 'digest_mismatch'
  | 'vocabulary_invalid'
  | 'graph_invalid'
  | 'probe_mismatch'
  | 'signature_invalid'
  | 'foreign'
  | 'encoder_missing'
  | 'encoder_mismatch'

export class BundleError extends Error {
  override readonly name = 'BundleError'

  constructor(
    readonly code: BundleProblem,
    sentence: string,
  ) {
    super(sentence)
  }
}
