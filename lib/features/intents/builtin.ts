/** The intents offered for correction: what the model that comes with the product tells apart, in groups people think in. */

/** Ids are the model's labels; their names are words of the reader's language (`intents.name.<id>`). */
export const intentGroups = {
  order: ['order_status', 'place_order', 'change_order', 'cancel_order', 'cancellation_fee'],
  delivery: ['delivery_time', 'delivery_options', 'delivery_problem', 'change_address', 'damaged_item'],
  money: [
    'refund',
    'refund_status',
    'refund_policy',
    'payment_methods',
    'payment_failed',
    'wrong_charge',
    'invoice',
    'discount',
  ],
  product: ['product_question', 'return_item', 'exchange_item', 'warranty_repair', 'technical_problem', 'subscription'],
  account: ['sign_in', 'password', 'create_account', 'edit_account', 'close_account', 'privacy', 'newsletter'],
  people: [
    'complaint',
    'feedback',
    'talk_to_person',
    'contact_details',
    'about_company',
    'greeting',
    'thanks',
    'goodbye',
    // Outside everything above: small talk, other people's business. Chosen by a person it teaches the model what to leave alone.
    'out_of_scope',
  ],
} as const satisfies Record<string, readonly string[]>

export type IntentGroup = keyof typeof intentGroups

export const intents: readonly { id: string; group: IntentGroup }[] = Object.entries(intentGroups).flatMap(
  ([group, ids]) => ids.map((id) => ({ id, group: group as IntentGroup })),
)

const known = new Set(intents.map((intent) => intent.id))

export const isIntent = (value: string): boolean => known.has(value)
