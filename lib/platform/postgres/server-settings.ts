/** The embedded server's settings, kept in code so that every start has the same. */

/** Sized for one machine with everything on it; durability is never traded away outside throw-away test clusters. */
export function serverSettings(durable: boolean): Record<string, string> {
  const sync = durable ? 'on' : 'off'
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: durable ? '128MB' : '64MB',
    effective_cache_size: '512MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    wal_level: 'replica',
    min_wal_size: '64MB',
    max_wal_size: '512MB',
    max_wal_senders: '0',
    checkpoint_timeout: '10min',
    random_page_cost: '1.1',
    jit: 'off',
    fsync: sync,
    synchronous_commit: sync,
    // Young tables need statistics soon: see the visitor path's functions in the first migration.
    autovacuum_naptime: '10s',
    full_page_writes: sync,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Statements and their values may hold what people wrote: they stay out of the log.
    log_min_error_statement: 'panic',
    // Nor do what a refused statement is told (which repeats values) and warnings: the program that asked logs its failure, scrubbed.
    log_min_messages: 'log',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
  }
}
