"""A page a module, which Streamlit runs as a script; a folder named pages it would take for itself."""
