"""The rim towards PostgreSQL: servers, templates, the catalog reader, sessions."""
