"""The pages of the editors' desk, below the admin; archive/admin.py brings them in."""
