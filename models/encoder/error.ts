/** Why a sentence encoder cannot be used, as a stable code and a sentence. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError'

  constructor(
    readonly code: 'absent' | 'damaged' | 'mismatch' | 'unreachable',
    sentence: string,
  ) {
    super(sentence)
  }
}
