export { createPriceBook } from './price-book.ts'
export { updateCatalogue } from './update-catalogue.ts'
