/** What can go wrong, each with a stable code; the words for people live in lib/words (errors.<code>). */

/** One table: code → HTTP status. */
export const statusOf = {
  invalid_input: 422,
  text_empty: 422,
  text_too_long: 422,
  text_invalid: 422,
  body_too_large: 413,
  body_not_json: 400,
  unknown_site_key: 404,
  foreign_origin: 403,
  rate_limited: 429,
  database_away: 503,
  shutting_down: 503,
  busy: 503,
  token_invalid: 401,
  identity_invalid: 401,
  client_id_reused: 409,
  not_signed_in: 401,
  sign_in_failed: 401,
  link_invalid: 410,
  second_factor_needed: 401,
  second_factor_required: 403,
  second_factor_missing: 409,
  code_wrong: 403,
  code_late: 410,
  address_unconfirmed: 409,
  email_invalid: 422,
  email_taken: 409,
  password_weak: 422,
  password_wrong: 403,
  sign_in_again: 403,
  invitation_invalid: 410,
  invitation_foreign: 403,
  already_member: 409,
  account_disabled: 403,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  name_taken: 409,
  last_owner: 409,
  in_use: 409,
  too_many: 422,
  attachment_empty: 422,
  attachment_too_large: 413,
  encoding_unsupported: 415,
  attachment_type: 415,
  attachment_damaged: 422,
  attachment_pixels: 422,
  attachment_missing: 422,
  too_many_attachments: 422,
  too_many_unsent: 429,
  storage_full: 503,
  conversation_superseded: 409,
  snooze_in_past: 422,
  file_empty: 422,
  file_malformed: 422,
  file_columns: 422,
  file_label: 422,
  file_text: 422,
  file_intents: 403,
  import_format: 422,
  import_line: 422,
  import_line_long: 422,
  import_cut_short: 422,
  import_digest: 422,
  import_counts: 422,
  import_row: 422,
  import_reference: 422,
  import_file: 422,
  import_nobody: 409,
  import_broken: 503,
  weights_elsewhere: 409,
  not_enough_examples: 422,
  gate_failed: 409,
  is_case: 409,
  not_judged: 409,
  gave_way: 409,
  cases_fail: 409,
  consent_missing: 403,
  service_missing: 409,
  not_accepted: 409,
  plan_seats: 402,
  account_full: 402,
  plan_trainings: 402,
  plan_intents: 402,
  plan_files: 402,
  plan_data: 402,
  plan_audit: 402,
  plan_currency: 409,
  plan_used: 409,
  service_trial: 402,
  account_unpaid: 402,
  billing_away: 503,
  billing_unknown: 504,
  billing_refused: 409,
  billing_address: 409,
  seat_waits: 402,
  seat_none: 409,
  billing_not_ready: 503,
  signature_invalid: 400,
  webhook_address: 422,
  webhook_off: 409,
  model_away: 503,
  unexpected: 500,
} as const

export type ErrorCode = keyof typeof statusOf

type Named = Readonly<Record<string, string | number>>
/** Numbers and names the words may mention, and lists of them that a page shows; never texts of contacts or secrets. */
export type Facts = Record<string, string | number | boolean | null | undefined | string[] | readonly Named[]>

/** A failure that the caller is told about by its code. */
export class AppError extends Error {
  readonly appError = true
  constructor(
    readonly code: ErrorCode,
    readonly facts: Facts = {},
    options?: { cause?: unknown },
  ) {
    super(code, options)
    this.name = 'AppError'
  }
  get status(): number {
    return statusOf[this.code]
  }
}

/** Recognises an AppError from another copy of this module too (Next bundles its own). */
export const isAppError = (error: unknown): error is AppError =>
  error instanceof Error && (error as Partial<AppError>).appError === true
