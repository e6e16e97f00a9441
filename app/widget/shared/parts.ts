/** What the loader hands to the panel, and how it passes calls on. */

/** `['open']`, `['identify', {…}]`: the form in which calls wait until somebody can answer them. */
export type Call = [name: string, ...rest: unknown[]]

/**
 * @param origin where the widget is served from
 * @param line the icon's path; its `d` is the mark while closed
 * @param address where the frame is, in the language the page has now
 * @param title what the chat is called, or with 1 that it cannot be reached
 */
export type Mount = (
  script: HTMLScriptElement,
  origin: string,
  host: HTMLElement,
  shadow: ShadowRoot,
  button: HTMLButtonElement,
  line: SVGElement,
  frame: HTMLIFrameElement,
  address: () => string,
  title: (trouble?: number) => string,
) => (call: Call) => void
