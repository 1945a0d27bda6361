// Which part of the program an address belongs to, and where the table is by which its calls are unwound. GCC's unwinder
// asks this function of glibc 2.35 (<https://sourceware.org/glibc/manual/latest/html_node/Dynamic-Linker-Introspection.html>);
// musl has the older one, dl_iterate_phdr.
#define _GNU_SOURCE
#include <link.h>
#include <pthread.h>
#include <stdint.h>

struct dl_find_object {
  unsigned long long flags;
  void *map_start;
  void *map_end;
  struct link_map *link_map;
  void *eh_frame;
  unsigned long long reserved[7];
};

struct search {
  uintptr_t address;
  struct dl_find_object *found;
};

static int look(struct dl_phdr_info *info, size_t size, void *given) {
  (void)size;
  struct search *search = given;
  uintptr_t table = 0, start = 0, end = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    uintptr_t begin = info->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_GNU_EH_FRAME) table = begin;
    if (part->p_type == PT_LOAD && search->address - begin < part->p_memsz) {
      start = begin;
      end = begin + part->p_memsz;
    }
  }
  if (!end || !table) return 0;
  *search->found = (struct dl_find_object){
      .map_start = (void *)start, .map_end = (void *)end, .eh_frame = (void *)table};
  return 1;
}

int _dl_find_object(void *address, struct dl_find_object *found) {
  struct search search = {(uintptr_t)address, found};
  return dl_iterate_phdr(look, &search) ? 0 : -1;
}

// GCC's unwinder refers to these weakly, and takes for granted that they are there, as in glibc 2.34: in a static program
// they are where somebody refers to them strongly.
__attribute__((used)) static void *const threads[] = {
    (void *)pthread_once,        (void *)pthread_mutex_lock, (void *)pthread_mutex_unlock,
    (void *)pthread_getspecific, (void *)pthread_setspecific, (void *)pthread_key_create,
};
