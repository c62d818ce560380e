import type { CatalogueUpdate, UpdatedCatalogue } from './update-catalogue.ts'

export { createPriceBook } from './price-book.ts'

/** Loaded when it is asked for: a proxy fetches no catalogue. */
export async function updateCatalogue(update: CatalogueUpdate): Promise<UpdatedCatalogue> {
  const { updateCatalogue: fetchAndKeep } = await import('./update-catalogue.ts')
  return fetchAndKeep(update)
}
