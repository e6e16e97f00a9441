/** What the emulator takes at each address: parameter types of the installed `stripe` package, turned into JSON schemas. */
import type Stripe from 'stripe'

export type CustomerCreate = Stripe.CustomerCreateParams
export type CustomerRetrieve = Stripe.CustomerRetrieveParams
export type SessionCreate = Stripe.Checkout.SessionCreateParams
export type SessionRetrieve = Stripe.Checkout.SessionRetrieveParams
export type PortalSessionCreate = Stripe.BillingPortal.SessionCreateParams
export type PortalConfigurationCreate = Stripe.BillingPortal.ConfigurationCreateParams
export type PortalConfigurationUpdate = Stripe.BillingPortal.ConfigurationUpdateParams
export type PortalConfigurationList = Stripe.BillingPortal.ConfigurationListParams
export type SubscriptionList = Stripe.SubscriptionListParams
export type SubscriptionRetrieve = Stripe.SubscriptionRetrieveParams
export type SubscriptionUpdate = Stripe.SubscriptionUpdateParams
export type InvoiceList = Stripe.InvoiceListParams
export type ChargeList = Stripe.ChargeListParams
export type InvoicePaymentList = Stripe.InvoicePaymentListParams
export type ProductCreate = Stripe.ProductCreateParams
export type ProductUpdate = Stripe.ProductUpdateParams
export type ProductList = Stripe.ProductListParams
export type PriceCreate = Stripe.PriceCreateParams
export type PriceUpdate = Stripe.PriceUpdateParams
export type PriceRetrieve = Stripe.PriceRetrieveParams
export type PriceList = Stripe.PriceListParams
export type MeterCreate = Stripe.Billing.MeterCreateParams
export type MeterList = Stripe.Billing.MeterListParams
export type MeterEventCreate = Stripe.Billing.MeterEventCreateParams
