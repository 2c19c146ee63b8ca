/** The queue of datasets whose records are still being removed. The owner of a job is `homeId`, its id `datasetId`. */
export const DATASET_REMOVAL = 'dataset-removal'

/** Records that the transaction which deletes their dataset deletes itself. */
export const FEW_RECORDS = 200
