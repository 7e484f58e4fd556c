"""The Datasette plugin: pages, feeds and pictures over the read model."""
