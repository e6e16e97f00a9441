/** Where a customer stands among Stripe's pages for whoever sells. */

/** @param testMode Stripe keeps what is only tried apart */
export const customerAt = (id: string, testMode: boolean): string =>
  `https://dashboard.stripe.com/${testMode ? 'test/' : ''}customers/${encodeURIComponent(id)}`
