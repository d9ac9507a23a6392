"""The reviewers' guides."""
