"""The archive for programs: JSON under /api/v1/, read-only, described by its own OpenAPI document."""
