/** The icon of pages: an open ring around a dot, readable at 16 pixels, on light and dark. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5cad"/><path d="M22.5 10.6a8.5 8.5 0 1 0 0 10.8" fill="none" stroke="#fff" stroke-width="3.6" stroke-linecap="round"/><circle cx="16.2" cy="16" r="2.6" fill="#a9d1fa"/></svg>`
